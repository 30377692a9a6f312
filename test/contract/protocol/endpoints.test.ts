import { ECRClient } from "@aws-sdk/client-ecr";
import { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { partitions } from "../../../src/image/partition.js";
import { callRegion, type EndpointService, resolveEndpoint } from "../../../src/protocol/endpoints.js";

/** What the SDK's own rule set of a service says. */
type Rules = (parameters: {
  readonly Region: string;
  readonly UseFIPS: boolean;
  readonly UseDualStack: boolean;
  readonly UseGlobalEndpoint?: boolean;
  readonly Endpoint?: string;
}) => { readonly url: URL };

const rulesOf: Readonly<Record<EndpointService, Rules>> = {
  ecr: new ECRClient({ region: "us-east-1" }).config.endpointProvider as Rules,
  "ecr-public": new ECRPUBLICClient({ region: "us-east-1" }).config.endpointProvider as Rules,
  sts: new STSClient({ region: "us-east-1" }).config.endpointProvider as Rules,
};
const services: readonly EndpointService[] = ["ecr", "ecr-public", "sts"];
const flags = [false, true];
const regions = [
  ...partitions.flatMap((partition) => partition.regions),
  // Not listed yet, but of a known pattern; and of no pattern at all.
  ...["us-north-9", "cn-central-7", "us-gov-south-1", "us-isob-north-2", "mars-1"],
];

describe.each(services)("the endpoint of %s", (service) => {
  it.each(regions)("in %s is the AWS SDK's, with and without FIPS and dual-stack", (region) => {
    for (const useFips of flags)
      for (const useDualstack of flags) {
        const sdk = rulesOf[service]({
          Region: region,
          UseFIPS: useFips,
          UseDualStack: useDualstack,
          UseGlobalEndpoint: false,
        });
        expect(resolveEndpoint({ service, region, useFips, useDualstack }).href).toBe(sdk.url.href);
      }
  });

  it("that is given is used as it stands", () => {
    const endpoint = "http://localhost:4580/base";
    expect(resolveEndpoint({ service, region: "us-east-1", endpoint }).href).toBe(endpoint);
    expect(
      rulesOf[service]({ Region: "us-east-1", UseFIPS: false, UseDualStack: false, Endpoint: endpoint }).url.href,
    ).toBe(endpoint);
  });

  it.each([
    [{ useFips: true, useDualstack: false }],
    [{ useFips: false, useDualstack: true }],
    [{ useFips: true, useDualstack: true }],
  ])("that is given refuses %j in the SDK's words", ({ useFips, useDualstack }) => {
    const Endpoint = "http://localhost:4580";
    const sdk = thrown(() =>
      rulesOf[service]({ Region: "us-east-1", UseFIPS: useFips, UseDualStack: useDualstack, Endpoint }),
    );
    const ours = thrown(() =>
      resolveEndpoint({ service, region: "us-east-1", useFips, useDualstack, endpoint: Endpoint }),
    );
    expect(ours).toMatchObject({ kind: "InvalidParameter", message: sdk.message });
  });
});

describe("resolving an endpoint", () => {
  it.each(["", "us-east-1.evil.example", "us-east-1/", "-us", "us_east", "a".repeat(64), "us-east-1#"])(
    "refuses %j as a region: it would name another host",
    (region) => {
      const error = thrown(() => resolveEndpoint({ service: "ecr", region }));
      expect(error).toMatchObject({
        kind: "InvalidParameter",
        message: expect.stringContaining(JSON.stringify(region)),
      });
    },
  );

  it.each(["localhost:4580", "ftp://localhost", "", "//host"])("refuses %j as an endpoint", (endpoint) => {
    expect(thrown(() => resolveEndpoint({ service: "ecr", region: "us-east-1", endpoint }))).toMatchObject({
      kind: "InvalidParameter",
      message: "endpoint must be an absolute http or https URL such as http://localhost:4580",
    });
  });

  it("sends every public call to us-east-1 and any other to its own region", () => {
    expect(callRegion("ecr-public", "eu-west-1")).toBe("us-east-1");
    expect(callRegion("ecr", "eu-west-1")).toBe("eu-west-1");
    expect(callRegion("sts", "eu-west-1")).toBe("eu-west-1");
  });
});

function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
