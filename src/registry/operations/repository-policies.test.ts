import { describe, expect, it } from "vitest";
import { refusal, testRegistry } from "../../../test/fixtures/local-registry.js";

const repositoryName = "app";
const statement = { Sid: "pull", Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage", "ecr:PutImage"] };
const policyOf = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2008-10-17", Statement: statements });
const POLICY = policyOf(statement);
const RENDERED = `{
  "Version" : "2008-10-17",
  "Statement" : [ {
    "Sid" : "pull",
    "Effect" : "Allow",
    "Principal" : "*",
    "Action" : [ "ecr:BatchGetImage", "ecr:PutImage" ]
  } ]
}`;
const deny = { Sid: "deny", Effect: "Deny", Principal: "*", Action: "ecr:SetRepositoryPolicy" };
const invalid = "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'";
const answer = { registryId: "000000000000", repositoryName, policyText: RENDERED };

async function withRepository() {
  const { call } = testRegistry();
  await call("CreateRepository", { repositoryName });
  return { call, set: (policyText: string) => call("SetRepositoryPolicy", { repositoryName, policyText }) };
}

describe("repository policies", () => {
  it("are given back written anew, as AWS writes them", async () => {
    const { call, set } = await withRepository();
    expect(await set(POLICY)).toEqual(answer);
    expect(await call("GetRepositoryPolicy", { repositoryName })).toEqual(answer);
  });

  it("take the place of the one before and are gone once deleted", async () => {
    const { call, set } = await withRepository();
    await set(policyOf({ ...statement, Sid: "first" }));
    await set(POLICY);
    expect(await call("DeleteRepositoryPolicy", { repositoryName })).toEqual(answer);
    const missing = {
      code: "RepositoryPolicyNotFoundException",
      message:
        "Repository policy does not exist for the repository with name 'app' in the registry with id '000000000000'",
      members: {},
    };
    expect(await refusal(call("GetRepositoryPolicy", { repositoryName }))).toEqual(missing);
    expect(await refusal(call("DeleteRepositoryPolicy", { repositoryName }))).toEqual(missing);
  });

  it("go with their repository", async () => {
    const { call, set } = await withRepository();
    await set(POLICY);
    await call("DeleteRepository", { repositoryName });
    await call("CreateRepository", { repositoryName });
    expect((await refusal(call("GetRepositoryPolicy", { repositoryName }))).code).toBe(
      "RepositoryPolicyNotFoundException",
    );
  });

  it.each([
    ["no text", ""],
    ["no JSON", "{"],
    ["no statement", policyOf()],
    ["no principal", policyOf({ Effect: "Allow", Action: "ecr:*" })],
    ["a resource", policyOf({ ...statement, Resource: "*" })],
    ["an action of another service", policyOf({ ...statement, Action: "s3:GetObject" })],
    ["an action of ECR Public", policyOf({ ...statement, Action: "ecr-public:PutImage" })],
    ["a wildcard in an account's ARN", policyOf({ ...statement, Principal: { AWS: "arn:aws:iam::111122223333:*" } })],
  ])("with %s are refused", async (_, policyText) => {
    const { set } = await withRepository();
    expect(await refusal(set(policyText))).toEqual({
      code: "InvalidParameterException",
      message: invalid,
      members: {},
    });
  });

  it("that would lock their author out need force, and the old one stays", async () => {
    const { call, set } = await withRepository();
    await set(POLICY);
    const refused = await refusal(set(policyOf(deny)));
    expect(refused.code).toBe("InvalidParameterException");
    expect(refused.message).toContain("'PolicyText'");
    expect(await call("GetRepositoryPolicy", { repositoryName })).toEqual(answer);
    const forced = await call("SetRepositoryPolicy", { repositoryName, policyText: policyOf(deny), force: true });
    expect(JSON.parse(forced.policyText)).toEqual(JSON.parse(policyOf(deny)));
  });

  it("may deny the operation to others", async () => {
    const { set } = await withRepository();
    const others = { ...deny, Principal: { AWS: "111122223333" } };
    const condition = { StringNotEquals: { "aws:PrincipalAccount": "000000000000" } };
    for (const one of [others, { ...deny, Condition: condition }])
      expect(JSON.parse((await set(policyOf(one))).policyText)).toEqual(JSON.parse(policyOf(one)));
  });

  it("of a repository that there is not are a repository that there is not", async () => {
    const { call } = testRegistry();
    const calls = [
      call("SetRepositoryPolicy", { repositoryName, policyText: POLICY }),
      call("GetRepositoryPolicy", { repositoryName }),
      call("DeleteRepositoryPolicy", { repositoryName }),
    ];
    for (const one of calls) expect((await refusal(one)).code).toBe("RepositoryNotFoundException");
  });

  it("of a name that no repository can have are refused", async () => {
    const { call } = testRegistry();
    const calls = [
      call("SetRepositoryPolicy", { repositoryName: "Not a name", policyText: POLICY }),
      call("GetRepositoryPolicy", { repositoryName: "Not a name" }),
      call("DeleteRepositoryPolicy", { repositoryName: "Not a name" }),
    ];
    for (const one of calls) expect((await refusal(one)).code).toBe("InvalidParameterException");
  });
});
