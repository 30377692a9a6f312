import { describe, expect, it } from "vitest";
import { bareManifest, caller, refusal, testRegistry } from "../../../test/fixtures/local-registry.js";

const started = async (options: Parameters<typeof testRegistry>[0] = {}) => {
  const { call, registry, time } = testRegistry({ layers: "unchecked", ...options });
  await call("ecr-public:CreateRepository", { repositoryName: "app" });
  await call("ecr-public:PutImage", { repositoryName: "app", imageManifest: bareManifest(1), imageTag: "v1" });
  const { anonymous, target } = registry.publicRegistries;
  const [{ name: alias }] = (await call("ecr-public:DescribeRegistries", {})).registries[0].aliases;
  const pull = (by = anonymous) => registry.data.manifest(by, target(`${alias}/app`), "v1", { pull: true });
  return { pull, registry, time, anonymous, mine: { ...caller, region: registry.publicRegistries.region } };
};

describe("pulls from ECR Public", () => {
  it("come as fast as they like", async () => {
    const { pull } = await started();
    for (let count = 0; count < 50; count += 1) await pull();
  });

  it("come once a second without a login and ten times with one where quotas are on", async () => {
    const { pull, time, mine } = await started({ quotas: {} });
    await pull();
    expect(await refusal(pull())).toEqual({ code: "ThrottlingException", message: "Rate exceeded", members: {} });
    for (let count = 0; count < 10; count += 1) await pull(mine);
    expect((await refusal(pull(mine))).code).toBe("ThrottlingException");
    await time.advance("1s");
    await pull();
  });
});
