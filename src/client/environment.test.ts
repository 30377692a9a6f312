import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { rejection } from "../../test/fixtures/scripted-client.js";
import { type GivenPlace, locate } from "./environment.js";

const folder = mkdtempSync(join(tmpdir(), "ecrkit-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** An environment whose configuration file holds `config`, and nothing else. */
function env(variables: Readonly<Record<string, string>> = {}, config?: string): Record<string, string> {
  const path = join(folder, `config-${++files}`);
  if (config !== undefined) writeFileSync(path, config);
  return { AWS_CONFIG_FILE: path, AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"), ...variables };
}

const PROFILES = `
[default]
region = sa-east-1
[profile team]
region = eu-central-1
endpoint_url = http://profile:1
use_fips_endpoint = true
services = local
[profile plain]
region = eu-central-1
use_fips_endpoint = true
[services local]
ecr =
  endpoint_url = http://services-ecr:2
ecr_public =
  endpoint_url = http://services-public:3
`;

describe("an endpoint of the environment", () => {
  it("with a password is refused without showing it", async () => {
    const place = await locate({}, env({ AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL_ECR: "http://me:hunter2@host" }));
    expect(() => place.endpointOf("ecr")).toThrow(/^endpoint must be a URL such as [^@]*: it holds a user or password/);
  });
});

describe("the region", () => {
  it.each<[string, GivenPlace, Record<string, string>, string | undefined, string]>([
    ["is the given one", { region: "ap-south-1" }, { AWS_REGION: "us-west-2" }, PROFILES, "ap-south-1"],
    ["is AWS_REGION", {}, { AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "us-west-1" }, PROFILES, "us-west-2"],
    ["is AWS_DEFAULT_REGION", {}, { AWS_DEFAULT_REGION: "us-west-1" }, PROFILES, "us-west-1"],
    ["is that of the default profile", {}, {}, PROFILES, "sa-east-1"],
    ["is that of AWS_PROFILE", {}, { AWS_PROFILE: "plain", AWS_USE_FIPS_ENDPOINT: "false" }, PROFILES, "eu-central-1"],
    ["is that of the given profile", { profile: "plain" }, { AWS_PROFILE: "none" }, PROFILES, "eu-central-1"],
    ["is not an empty variable", {}, { AWS_REGION: "" }, PROFILES, "sa-east-1"],
  ])("%s", async (_, given, variables, config, expected) => {
    expect((await locate(given, env(variables, config))).region).toBe(expected);
  });

  it("that is nowhere is asked for in words that name every way", async () => {
    expect(await rejection(locate({}, env({ AWS_PROFILE: "team" })))).toMatchObject({
      kind: "InvalidParameter",
      message:
        'region is missing: pass { region }, set AWS_REGION, or set region in profile "team" of the AWS config file',
    });
  });

  it("that is no region is refused with its value", async () => {
    expect(await rejection(locate({}, env({ AWS_REGION: "us-east-1/x" })))).toMatchObject({
      message: 'region must be the name of an AWS region such as us-east-1, got "us-east-1/x"',
    });
  });
});

describe("the endpoint", () => {
  const region = "us-east-1";
  it.each<[string, GivenPlace, Record<string, string>, string | undefined, string]>([
    ["is AWS's own", {}, {}, undefined, "https://api.ecr.us-east-1.amazonaws.com/"],
    [
      "is the given one",
      { endpoint: "http://given:1" },
      { AWS_ENDPOINT_URL_ECR: "http://no" },
      undefined,
      "http://given:1/",
    ],
    [
      "is the service's variable",
      {},
      { AWS_ENDPOINT_URL_ECR: "http://a", AWS_ENDPOINT_URL: "http://b" },
      undefined,
      "http://a/",
    ],
    ["is the variable for all services", {}, { AWS_ENDPOINT_URL: "http://b" }, undefined, "http://b/"],
    ["is the service's of the profile", { profile: "team", useFips: false }, {}, PROFILES, "http://services-ecr:2/"],
    ["is FIPS by the profile", { profile: "plain" }, {}, PROFILES, "https://api.ecr-fips.us-east-1.amazonaws.com/"],
    [
      "is not FIPS by the variable",
      { profile: "plain" },
      { AWS_USE_FIPS_ENDPOINT: "false" },
      PROFILES,
      "https://api.ecr.us-east-1.amazonaws.com/",
    ],
    [
      "is dual-stack by the variable",
      {},
      { AWS_USE_DUALSTACK_ENDPOINT: "true" },
      undefined,
      "https://ecr.us-east-1.api.aws/",
    ],
    [
      "is AWS's own when others are ignored",
      {},
      { AWS_ENDPOINT_URL: "http://b", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      undefined,
      "https://api.ecr.us-east-1.amazonaws.com/",
    ],
  ])("%s", async (_, given, variables, config, expected) => {
    const place = await locate({ region, ...given }, env(variables, config));
    expect(place.endpointOf("ecr").href).toBe(expected);
  });

  it("of ECR Public has a variable of its own", async () => {
    const place = await locate(
      { region },
      env({ AWS_ENDPOINT_URL_ECR: "http://a", AWS_ENDPOINT_URL_ECR_PUBLIC: "http://c" }),
    );
    expect(place.endpointOf("ecr-public").href).toBe("http://c/");
  });

  it.each([
    ["a local ECR answers for STS too", "http://localhost:4580", "http://localhost:4580"],
    [
      "an endpoint of AWS does not",
      "https://vpce-1.api.ecr.us-east-1.vpce.amazonaws.com",
      "https://sts.us-east-1.amazonaws.com",
    ],
  ])("of %s", async (_, endpoint, sts) => {
    expect((await locate({ region, endpoint }, env())).endpointOf("sts").origin).toBe(sts);
  });

  it("together with FIPS is refused", async () => {
    const place = await locate({ region }, env({ AWS_ENDPOINT_URL: "http://b", AWS_USE_FIPS_ENDPOINT: "true" }));
    expect(() => place.endpointOf("ecr")).toThrow("FIPS and custom endpoint are not supported");
  });

  it("variables that are neither true nor false are refused by name and value", async () => {
    expect(await rejection(locate({ region }, env({ AWS_USE_FIPS_ENDPOINT: "yes" })))).toMatchObject({
      message: 'AWS_USE_FIPS_ENDPOINT must be true or false, got "yes"',
    });
  });
});
