import { describe, expect, it } from "vitest";
import { refusal, testRegistry } from "../../fixtures/local-registry.js";
import { callNamed } from "../errors/world.js";
import { sdkOperationNames } from "../protocol/sdk.js";

describe.each([
  ["ecr", "", 62],
  ["ecr-public", "ecr-public:", 23],
])("the local ECR, asked for every command that the AWS SDK has for %s", (service, prefix, count) => {
  const names = sdkOperationNames(service);

  it(`knows all ${count}`, async () => {
    expect(names).toHaveLength(count);
    const local = testRegistry();
    for (const name of names) {
      const outcome = await callNamed(local, prefix + name, {}).then(
        () => "answered",
        (error: { code?: string }) => error.code,
      );
      expect([name, outcome]).not.toEqual([name, "UnknownOperationException"]);
    }
  });

  it("does not know one that the SDK does not have", async () => {
    expect((await refusal(callNamed(testRegistry(), `${prefix}Nonsense`, {}))).code).toBe("UnknownOperationException");
  });
});
