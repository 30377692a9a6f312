import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../../test/fixtures/scripted-client.js";
import { answer, answering, inputOf, refusal, scripted } from "../../../test/fixtures/scripted-transport.js";

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `app-${index}`);
const ARN = "arn:aws:ecr:eu-west-1:123456789012:repository/app";

/** Describes every repository but the unknown ones, as ECR does: not at all if one of the names is unknown. */
const describing = (unknown: readonly string[], nameIt = true) =>
  answering((request) => {
    const asked = inputOf(request)["repositoryNames"] as readonly string[];
    const missing = asked.find((name) => unknown.includes(name));
    if (missing === undefined) return answer({ repositories: asked.map((repositoryName) => ({ repositoryName })) });
    const text = `The repository with name '${missing}' does not exist in the registry with id '123456789012'`;
    return refusal("RepositoryNotFoundException", nameIt ? text : "No such repository");
  });
const sizes = (transport: ReturnType<typeof describing>): readonly number[] =>
  transport.inputs.map((input) => (input["repositoryNames"] as readonly string[]).length);

describe("repositories.batchGet", () => {
  it("asks for any number of names, 100 at a time, each once, and keeps their order", async () => {
    const transport = describing([]);
    const wanted = names(250).toReversed();
    const found = await clientOver(transport).ecr.repositories.batchGet([...wanted, "app-3"]);
    expect(sizes(transport)).toEqual([100, 100, 50]);
    expect(found.repositories.map(({ repositoryName }) => repositoryName)).toEqual(wanted);
    expect(found.failures).toEqual([]);
  });

  it("finds an unknown one by the error's text, at the cost of one more request", async () => {
    const transport = describing(["app-3"]);
    const { repositories, failures } = await clientOver(transport).ecr.repositories.batchGet(names(10));
    expect(repositories).toHaveLength(9);
    expect(failures).toEqual([
      {
        repositoryName: "app-3",
        failureCode: "RepositoryNotFound",
        failureReason: "The repository with name 'app-3' does not exist in the registry with id '123456789012'",
      },
    ]);
    expect(sizes(transport)).toEqual([10, 9]);
  });

  it.each([
    ["the text names them", true],
    ["the text names none", false],
  ])("finds several unknown ones when %s", async (_, nameIt) => {
    const unknown = ["app-0", "app-7", "app-41", "app-42", "app-99"];
    const { repositories, failures } = await clientOver(describing(unknown, nameIt)).ecr.repositories.batchGet(
      names(100),
    );
    expect(repositories).toHaveLength(95);
    expect(failures.map(({ repositoryName }) => repositoryName)).toEqual(unknown);
  });

  it("asks nothing for no names, and fails whole when the service fails", async () => {
    expect(await clientOver(scripted()).ecr.repositories.batchGet([])).toEqual({ repositories: [], failures: [] });
    const refused = scripted(refusal("InvalidParameterException", "no"));
    expect(await rejection(clientOver(refused).ecr.repositories.batchGet(["app"]))).toMatchObject({
      kind: "InvalidParameter",
    });
  });

  it("tells of a repository that was neither answered nor refused", async () => {
    const { failures } = await clientOver(scripted(answer({ repositories: [] }))).ecr.repositories.batchGet(["app"]);
    expect(failures).toMatchObject([{ repositoryName: "app", failureReason: expect.stringContaining("without") }]);
  });
});

describe("what is set on a repository", () => {
  it("is its lifecycle policy, as text and as rules in the order in which they are applied", async () => {
    const rule = (rulePriority: number, tagStatus: string) => ({
      rulePriority,
      selection: { tagStatus, countType: "imageCountMoreThan", countNumber: 5 },
      action: { type: "expire" },
    });
    const text = JSON.stringify({ rules: [rule(9, "any"), rule(1, "untagged")] });
    const stored = { repositoryName: "app", lifecyclePolicyText: text, lastEvaluatedAt: 1_700_000_000 };
    const policy = await clientOver(scripted(answer(stored))).ecr.repositories.lifecyclePolicy("app");
    expect(policy).toEqual({
      repositoryName: "app",
      text,
      rules: [1, 9].map((rulePriority) => ({
        ...rule(rulePriority, rulePriority === 1 ? "untagged" : "any"),
        selection: {
          ...{ tagStatus: rulePriority === 1 ? "untagged" : "any", countType: "imageCountMoreThan", countNumber: 5 },
          storageClass: "standard",
        },
      })),
      lastEvaluatedAt: new Date(1_700_000_000_000),
    });
  });

  it("can be read although ECR knows rules and principals that this version does not", async () => {
    const transport = scripted(
      answer({ lifecyclePolicyText: '{"rules":[{"rulePriority":1,"newKind":true}]}' }),
      answer({
        policyText:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"AIDAEXAMPLE"},"Action":"ecr:*"}]}',
      }),
    );
    const { repositories } = clientOver(transport).ecr;
    expect(await repositories.lifecyclePolicy("app")).toMatchObject({
      text: '{"rules":[{"rulePriority":1,"newKind":true}]}',
      rules: undefined,
    });
    expect(await repositories.policy("app")).toMatchObject({ document: undefined });
  });

  it("is its resource tags, by key, asked for by the ARN that ECR tells", async () => {
    const transport = scripted(
      answer({ repositories: [{ repositoryName: "app", repositoryArn: ARN }] }),
      answer({ tags: [{ Key: "team", Value: "web" }] }),
    );
    expect(await clientOver(transport).ecr.repositories.tags("app")).toEqual(new Map([["team", "web"]]));
    expect(transport.inputs[1]).toEqual({ resourceArn: ARN });
  });

  it.each(["get", "lifecyclePolicy", "policy", "tags"] as const)(
    "is not asked for by a name that cannot be: %s",
    async (name) => {
      expect(await rejection(clientOver(scripted()).ecr.repositories[name]("App"))).toMatchObject({
        kind: "InvalidParameter",
        message: 'repository must be 2 to 256 lower-case letters, digits and ._-/ as in team/app, got "App"',
      });
    },
  );
});
