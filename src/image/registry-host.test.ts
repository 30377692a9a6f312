import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partitions } from "./partition.js";
import { formatRegistryHost, parseRegistryHost, type RegistryHost } from "./registry-host.js";

const account = "123456789012";
const plain = { kind: "private", account, region: "eu-west-1", fips: false, dualStack: false } as const;

describe("registry host", () => {
  it.each<[string, RegistryHost]>([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com", plain],
    ["123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", { ...plain, region: "us-east-1", fips: true }],
    ["123456789012.dkr-ecr.eu-west-1.on.aws", { ...plain, dualStack: true }],
    [
      "123456789012.dkr-ecr-fips.us-gov-west-1.on.aws",
      { ...plain, region: "us-gov-west-1", fips: true, dualStack: true },
    ],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", { ...plain, region: "cn-north-1" }],
    [
      "123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
      { ...plain, region: "cn-north-1", dualStack: true },
    ],
    ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", { ...plain, region: "eusc-de-east-1" }],
    ["123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", { ...plain, region: "us-iso-east-1" }],
    ["123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", { ...plain, region: "us-isob-east-1" }],
    ["123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", { ...plain, region: "eu-isoe-west-1" }],
    ["123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", { ...plain, region: "us-isof-south-1" }],
    ["public.ecr.aws", { kind: "public", dualStack: false }],
    ["ecr-public.aws.com", { kind: "public", dualStack: true }],
    ["localhost", { kind: "local", hostname: "localhost" }],
    ["localhost:4580", { kind: "local", hostname: "localhost", port: 4580 }],
    ["127.0.0.1:65535", { kind: "local", hostname: "127.0.0.1", port: 65_535 }],
    ["[::1]:4580", { kind: "local", hostname: "[::1]", port: 4580 }],
    [
      "123456789012.dkr.ecr.eu-west-1.localhost:4580",
      { kind: "local", hostname: "localhost", port: 4580, registry: { account, region: "eu-west-1" } },
    ],
    [
      "123456789012.dkr.ecr.eu-west-1.localhost",
      { kind: "local", hostname: "localhost", registry: { account, region: "eu-west-1" } },
    ],
  ])("reads and writes %s", (text, host) => {
    expect(parseRegistryHost(text)).toEqual(host);
    expect(formatRegistryHost(host)).toBe(text);
  });

  it("does not care about case", () => {
    expect(parseRegistryHost("123456789012.DKR.ECR.EU-West-1.AmazonAWS.com")).toEqual(plain);
    expect(parseRegistryHost("Public.ECR.aws")).toEqual({ kind: "public", dualStack: false });
  });

  it.each([
    ["nothing", ""],
    ["another registry", "docker.io"],
    ["eleven digits", "12345678901.dkr.ecr.eu-west-1.amazonaws.com"],
    ["an account that is not digits", "12345678901a.dkr.ecr.eu-west-1.amazonaws.com"],
    ["a region of another partition", "123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn"],
    ["a China region under the global suffix", "123456789012.dkr.ecr.cn-north-1.amazonaws.com"],
    ["the classic name with the dual-stack suffix", "123456789012.dkr.ecr.eu-west-1.on.aws"],
    ["the dual-stack name with the classic suffix", "123456789012.dkr-ecr.eu-west-1.amazonaws.com"],
    ["a name that only begins like ECR's", "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example"],
    ["a name that only ends like ECR's", "evil.123456789012.dkr.ecr.eu-west-1.amazonaws.com"],
    ["a dot that is another character", "123456789012.dkr.ecr.eu-west-1.amazonawsXcom"],
    ["a look-alike letter", "123456789012.d\u212ar.ecr.eu-west-1.amazonaws.com"],
    ["a malformed region", "123456789012.dkr.ecr.-eu-west-1.amazonaws.com"],
    ["a malformed region on this machine", "123456789012.dkr.ecr.eu--west.localhost"],
    ["a URL", "https://public.ecr.aws"],
    ["a path", "public.ecr.aws/alias"],
    ["a port of ECR", "123456789012.dkr.ecr.eu-west-1.amazonaws.com:443"],
    ["port 0", "localhost:0"],
    ["a port beyond the last", "localhost:65536"],
    ["a port with a leading zero", "localhost:080"],
    ["an empty port", "localhost:"],
    ["a name under localhost that names no registry", "registry.localhost:4580"],
    ["a line break at the end", "localhost\n"],
  ])("refuses %s", (_, text) => {
    expect(parseRegistryHost(text)).toBeUndefined();
  });

  const anyRegion = fc.constantFrom(...partitions.flatMap(({ regions }) => regions));
  const anyAccount = fc.stringMatching(/^[0-9]{12}$/);
  const anyPort = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
  const anyHost: fc.Arbitrary<RegistryHost> = fc.oneof(
    fc.record({
      kind: fc.constant("private"),
      account: anyAccount,
      region: anyRegion,
      fips: fc.boolean(),
      dualStack: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("public"), dualStack: fc.boolean() }),
    fc.record({
      kind: fc.constant("local"),
      hostname: fc.constantFrom("localhost", "127.0.0.1", "[::1]"),
      port: anyPort,
    }),
    fc.record({
      kind: fc.constant("local"),
      hostname: fc.constant("localhost"),
      port: anyPort,
      registry: fc.record({ account: anyAccount, region: anyRegion }),
    }),
  );

  it("reads back whatever it writes, in every region", () => {
    fc.assert(
      fc.property(anyHost, (host) => {
        expect(parseRegistryHost(formatRegistryHost(host))).toEqual(host);
      }),
    );
  });

  it("answers any text, and writes back what it reads but for case", () => {
    const hostLike = fc.stringMatching(
      /^[0-9]{11,13}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]{1,9}\.(amazonaws\.com|on\.aws|localhost:\d+)$/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), hostLike), (text) => {
        const host = parseRegistryHost(text);
        if (host !== undefined) expect(formatRegistryHost(host)).toBe(text.toLowerCase());
      }),
    );
  });
});
