import { beforeEach, describe, expect, it } from "vitest";
import { refusal, type TestRegistry, testRegistry } from "../../../test/fixtures/local-registry.js";
import type { InputOf } from "../../protocol/operations.js";

const secret = (name: string, region = "us-east-1") =>
  `arn:aws:secretsmanager:${region}:000000000000:secret:ecr-pullthroughcache/${name}-AbCdEf`;

const roleOf = (account: string) => `arn:aws:iam::${account}:role/cache`;

let local: TestRegistry;
beforeEach(() => {
  local = testRegistry();
});

type Input = InputOf<"CreatePullThroughCacheRule">;
const create = (input: Partial<Input>) =>
  local.call("CreatePullThroughCacheRule", {
    ecrRepositoryPrefix: "quay",
    upstreamRegistryUrl: "quay.io",
    ...input,
  });

describe("a pull-through cache rule", () => {
  it("says what was told, which registry that is, and ROOT where no upstream prefix was told", async () => {
    const createdAt = Date.UTC(2026, 0, 1) / 1000;
    const rule = {
      ecrRepositoryPrefix: "quay",
      upstreamRegistryUrl: "quay.io",
      upstreamRepositoryPrefix: "ROOT",
      registryId: "000000000000",
      createdAt,
    };
    expect(await create({})).toEqual({ ...rule, upstreamRegistry: "quay" });
    const { pullThroughCacheRules } = await local.call("DescribePullThroughCacheRules", {});
    expect(pullThroughCacheRules).toEqual([{ ...rule, upstreamRegistry: "quay", updatedAt: createdAt }]);
    await local.time.advance("1h");
    const { upstreamRegistryUrl: _url, createdAt: _then, ...kept } = rule;
    const role = { customRoleArn: "arn:aws:iam::000000000000:role/cache" };
    expect(await local.call("UpdatePullThroughCacheRule", { ecrRepositoryPrefix: "quay/", ...role })).toEqual({
      ...kept,
      ...role,
      updatedAt: createdAt + 3600,
    });
    expect(await local.call("DeletePullThroughCacheRule", { ecrRepositoryPrefix: "quay" })).toEqual({
      ...rule,
      ...role,
    });
  });

  it.each<[string, string]>([
    ["public.ecr.aws", "ecr-public"],
    ["registry.k8s.io", "k8s"],
    ["000000000000.dkr.ecr.eu-west-1.amazonaws.com", "ecr"],
  ])("knows %s as %s", async (upstreamRegistryUrl, upstreamRegistry) => {
    expect(await create({ upstreamRegistryUrl })).toMatchObject({ upstreamRegistry });
  });

  it.each<[string, Partial<Input>]>([
    ["UnsupportedUpstreamRegistryException", { upstreamRegistryUrl: "registry.example.com" }],
    ["UnsupportedUpstreamRegistryException", { upstreamRegistryUrl: "constructor" }],
    ["UnsupportedUpstreamRegistryException", { upstreamRegistryUrl: "__proto__" }],
    ["ValidationException", { upstreamRegistry: "docker-hub" }],
    ["InvalidParameterException", { upstreamRegistryUrl: "ghcr.io" }],
    ["InvalidParameterException", { upstreamRegistryUrl: "111111111111.dkr.ecr.us-east-1.amazonaws.com" }],
    [
      "InvalidParameterException",
      { upstreamRegistryUrl: "111111111111.dkr.ecr.us-east-1.amazonaws.com", customRoleArn: roleOf("111111111111") },
    ],
    ["InvalidParameterException", { ecrRepositoryPrefix: "Quay" }],
    ["UnableToAccessSecretException", { credentialArn: secret("a", "eu-west-1") }],
    ["SecretNotFoundException", { credentialArn: secret("unknown") }],
    ["UnableToDecryptSecretValueException", { credentialArn: secret("locked") }],
  ])("is refused with %s: %j", async (code, input) => {
    local = testRegistry({ upstreamSecrets: { [secret("locked")]: "undecryptable" } });
    expect(await refusal(create(input))).toMatchObject({ code });
  });

  it.each([
    ["UnableToAccessSecretException", secret("a", "eu-west-1")],
    ["SecretNotFoundException", secret("unknown")],
    ["UnableToDecryptSecretValueException", secret("locked")],
  ])("keeps its secret when another is refused with %s", async (code, credentialArn) => {
    local = testRegistry({
      upstreamSecrets: { [secret("locked")]: "undecryptable", [secret("hub")]: { username: "a", accessToken: "b" } },
    });
    await create({ credentialArn: secret("hub") });
    const update = local.call("UpdatePullThroughCacheRule", { ecrRepositoryPrefix: "quay", credentialArn });
    expect(await refusal(update)).toMatchObject({ code });
    const { pullThroughCacheRules } = await local.call("DescribePullThroughCacheRules", {});
    expect(pullThroughCacheRules).toMatchObject([{ credentialArn: secret("hub") }]);
  });

  it("is there once for a prefix, and one of fifty in a registry", async () => {
    await create({});
    expect(await refusal(create({ ecrRepositoryPrefix: "quay/" }))).toMatchObject({
      code: "PullThroughCacheRuleAlreadyExistsException",
    });
    for (let index = 1; index < 50; index += 1) await create({ ecrRepositoryPrefix: `quay${index}` });
    expect(await refusal(create({ ecrRepositoryPrefix: "more" }))).toMatchObject({ code: "LimitExceededException" });
  });

  it("is listed by page, or by name where an unknown name fails the call", async () => {
    for (const ecrRepositoryPrefix of ["q2", "q1", "q3"]) await create({ ecrRepositoryPrefix });
    const list = async (input: object) => {
      const { pullThroughCacheRules: found, nextToken } = await local.call("DescribePullThroughCacheRules", input);
      return { prefixes: found.map((rule: Input) => rule.ecrRepositoryPrefix), nextToken };
    };
    const first = await list({ maxResults: 2 });
    expect(first.prefixes).toEqual(["q1", "q2"]);
    expect((await list({ nextToken: first.nextToken })).prefixes).toEqual(["q3"]);
    expect((await list({ ecrRepositoryPrefixes: ["q3", "q1"] })).prefixes).toEqual(["q3", "q1"]);
    const code = "PullThroughCacheRuleNotFoundException";
    expect(await refusal(list({ ecrRepositoryPrefixes: ["q3", "q4"] }))).toMatchObject({ code });
    expect(await refusal(list({ ecrRepositoryPrefixes: ["q3"], maxResults: 1 }))).toMatchObject({
      code: "InvalidParameterException",
    });
  });

  it.each(["UpdatePullThroughCacheRule", "DeletePullThroughCacheRule", "ValidatePullThroughCacheRule"] as const)(
    "is needed by %s",
    async (name) => {
      expect(await refusal(local.call(name, { ecrRepositoryPrefix: "none" }))).toMatchObject({
        code: "PullThroughCacheRuleNotFoundException",
      });
    },
  );
});

it("an upstream that nothing leads to is not valid, and nothing goes out to the network", async () => {
  await create({});
  expect(await local.call("ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "quay" })).toMatchObject({
    isValid: false,
    failure: "no upstream is configured for quay.io",
  });
});

it("the options of upstreams are refused at the door", () => {
  expect(() => testRegistry({ upstreams: { quay: "127.0.0.1" } })).toThrow('"quay" must be a URL with http or https');
  expect(() => testRegistry({ upstreams: { quay: "http://127.0.0.1" } })).toThrow("needs fetchUpstream");
});
