import { describe, expect, it } from "vitest";
import { bareManifest, refusal, testRegistry } from "../../../test/fixtures/local-registry.js";

const filter = (text: string) => ({ filter: text, filterType: "WILDCARD" as const });
const rule = (scanFrequency: "SCAN_ON_PUSH" | "CONTINUOUS_SCAN" | "MANUAL", ...filters: readonly string[]) => ({
  scanFrequency,
  repositoryFilters: filters.map(filter),
});

/** A registry with these repositories. */
async function registryWith(...names: readonly string[]) {
  const local = testRegistry({ layers: "unchecked" });
  for (const repositoryName of names) await local.call("CreateRepository", { repositoryName });
  const effective = async () => {
    const { scanningConfigurations } = await local.call("BatchGetRepositoryScanningConfiguration", {
      repositoryNames: names,
    });
    return scanningConfigurations.map(
      (one: { scanFrequency: string; scanOnPush: boolean; appliedScanFilters: { filter: string }[] }) => [
        one.scanFrequency,
        one.scanOnPush,
        one.appliedScanFilters.map((applied) => applied.filter),
      ],
    );
  };
  return { ...local, effective };
}

describe("a registry's scanning configuration", () => {
  it("is basic and without rules until it is set, and is replaced as a whole", async () => {
    const { call } = await registryWith();
    const get = () => call("GetRegistryScanningConfiguration", {});
    expect(await get()).toEqual({
      registryId: "000000000000",
      scanningConfiguration: { scanType: "BASIC", rules: [] },
    });
    const enhanced = { scanType: "ENHANCED" as const, rules: [rule("CONTINUOUS_SCAN", "prod")] };
    expect(await call("PutRegistryScanningConfiguration", enhanced)).toEqual({
      registryScanningConfiguration: enhanced,
    });
    expect((await get()).scanningConfiguration).toEqual(enhanced);
    await call("PutRegistryScanningConfiguration", {});
    expect((await get()).scanningConfiguration).toEqual({ scanType: "BASIC", rules: [] });
  });

  it("is each region's own", async () => {
    const { call } = await registryWith();
    await call("PutRegistryScanningConfiguration", { scanType: "ENHANCED" });
    const elsewhere = { account: "000000000000", region: "eu-west-1", arn: "arn:aws:iam::000000000000:root" };
    const { scanningConfiguration } = await call("GetRegistryScanningConfiguration", {}, elsewhere);
    expect(scanningConfiguration.scanType).toBe("BASIC");
  });

  it("refuses a frequency that its type does not have, a third rule and a filter that no name could match", async () => {
    const { call } = await registryWith();
    const put = (input: Parameters<typeof call<"PutRegistryScanningConfiguration">>[1]) =>
      refusal(call("PutRegistryScanningConfiguration", input));
    expect(await put({ scanType: "BASIC", rules: [rule("CONTINUOUS_SCAN", "*")] })).toMatchObject({
      code: "InvalidParameterException",
      message:
        "Invalid parameter at 'rules' failed to satisfy constraint: 'scan frequency 'CONTINUOUS_SCAN' is not supported with scan type 'BASIC''",
    });
    expect((await put({ scanType: "ENHANCED", rules: [rule("MANUAL", "*")] })).code).toBe("InvalidParameterException");
    const three = [rule("SCAN_ON_PUSH", "a"), rule("SCAN_ON_PUSH", "b"), rule("SCAN_ON_PUSH", "c")];
    expect((await put({ scanType: "BASIC", rules: three })).code).toBe("InvalidParameterException");
    expect((await put({ rules: [rule("SCAN_ON_PUSH", "Prod")] })).code).toBe("InvalidParameterException");
  });
});

describe("the scan frequency of a repository", () => {
  it("follows filters: without a star the name contains it, with one it is a pattern for the whole name", async () => {
    const { call, effective } = await registryWith("prod", "my-prod/app", "a.prod", "axprod", "test");
    await call("PutRegistryScanningConfiguration", { rules: [rule("SCAN_ON_PUSH", "*.prod", "prod*", "y-p")] });
    expect(await effective()).toEqual([
      ["SCAN_ON_PUSH", true, ["prod*"]],
      ["SCAN_ON_PUSH", true, ["y-p"]],
      ["SCAN_ON_PUSH", true, ["*.prod"]],
      ["MANUAL", false, []],
      ["MANUAL", false, []],
    ]);
  });

  it("is continuous where both rules match, and shows every filter of the rule that decides", async () => {
    const { call, effective } = await registryWith("prod/app", "app", "none");
    await call("PutRegistryScanningConfiguration", {
      scanType: "ENHANCED",
      rules: [rule("SCAN_ON_PUSH", "app"), rule("CONTINUOUS_SCAN", "prod", "prod/*", "x")],
    });
    expect(await effective()).toEqual([
      ["CONTINUOUS_SCAN", true, ["prod", "prod/*"]],
      ["SCAN_ON_PUSH", true, ["app"]],
      ["MANUAL", false, []],
    ]);
  });

  it("is continuous for all under enhanced scanning without rules", async () => {
    const { call, effective } = await registryWith("app");
    await call("PutRegistryScanningConfiguration", { scanType: "ENHANCED" });
    expect(await effective()).toEqual([["CONTINUOUS_SCAN", true, []]]);
  });

  it("follows the repository's own flag under basic scanning only", async () => {
    const { call, effective } = await registryWith("app");
    const put = await call("PutImageScanningConfiguration", {
      repositoryName: "app",
      imageScanningConfiguration: { scanOnPush: true },
    });
    expect(put).toEqual({
      registryId: "000000000000",
      repositoryName: "app",
      imageScanningConfiguration: { scanOnPush: true },
    });
    const [repository] = (await call("DescribeRepositories", { repositoryNames: ["app"] })).repositories;
    expect(repository.imageScanningConfiguration).toEqual({ scanOnPush: true });
    expect(await effective()).toEqual([["SCAN_ON_PUSH", true, []]]);
    await call("PutRegistryScanningConfiguration", { scanType: "ENHANCED", rules: [rule("SCAN_ON_PUSH", "other")] });
    expect(await effective()).toEqual([["MANUAL", false, []]]);
  });

  it("of an unknown repository is a failure of its own", async () => {
    const { call } = await registryWith("app");
    const batch = await call("BatchGetRepositoryScanningConfiguration", { repositoryNames: ["none", "app"] });
    expect(batch).toEqual({
      scanningConfigurations: [
        {
          repositoryArn: "arn:aws:ecr:us-east-1:000000000000:repository/app",
          repositoryName: "app",
          scanOnPush: false,
          scanFrequency: "MANUAL",
          appliedScanFilters: [],
        },
      ],
      failures: [
        {
          repositoryName: "none",
          failureCode: "REPOSITORY_NOT_FOUND",
          failureReason: "The repository with name 'none' does not exist in the registry with id '000000000000'",
        },
      ],
    });
    const tooMany = Array.from({ length: 26 }, (_, index) => `app${index}`);
    const call26 = call("BatchGetRepositoryScanningConfiguration", { repositoryNames: tooMany });
    expect((await refusal(call26)).code).toBe("InvalidParameterException");
  });

  it("decides whether a push is scanned", async () => {
    const { call } = await registryWith("prod/app", "app");
    await call("PutRegistryScanningConfiguration", { rules: [rule("SCAN_ON_PUSH", "prod/*")] });
    const imageManifest = bareManifest(1);
    const status = async (repositoryName: string) => {
      const { image } = await call("PutImage", { repositoryName, imageManifest });
      return call("DescribeImageScanFindings", { repositoryName, imageId: image.imageId });
    };
    expect((await status("prod/app")).imageScanStatus.status).toBe("IN_PROGRESS");
    expect((await refusal(status("app"))).code).toBe("ScanNotFoundException");
  });
});
