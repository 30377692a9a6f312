import { describe, expect, it } from "vitest";
import { isRegion, partitionOf, partitions } from "./partition.js";

describe("partition", () => {
  it.each([
    ["eu-west-1", "aws", "amazonaws.com", "api.aws", "on.aws"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com", "api.aws", "on.aws"],
    ["cn-north-1", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "on.amazonwebservices.com.cn"],
    ["eusc-de-east-1", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "on.amazonwebservices.eu"],
    ["us-iso-east-1", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "on.aws.ic.gov"],
    ["us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "on.aws.scloud"],
    ["eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "on.cloud-aws.adc-e.uk"],
    ["us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "on.aws.hci.ic.gov"],
  ])("knows the domains of %s", (region, name, dnsSuffix, dualStackDnsSuffix, registryDualStackDnsSuffix) => {
    expect(partitionOf(region)).toMatchObject({
      name,
      dnsSuffix,
      dualStackDnsSuffix,
      registryDualStackDnsSuffix,
    });
  });

  it.each(partitions.flatMap(({ name, regions }) => regions.map((region) => [region, name] as const)))(
    "finds %s in %s",
    (region, name) => {
      expect(partitionOf(region).name).toBe(name);
      expect(isRegion(region)).toBe(true);
    },
  );

  it("gives each region to one partition only, by list and by pattern", () => {
    for (const { regions } of partitions) {
      for (const region of regions.filter((name) => !name.endsWith("-global"))) {
        expect(partitions.filter(({ regionPattern }) => regionPattern.test(region))).toHaveLength(1);
      }
    }
  });

  it.each([
    ["us-gov-north-9", "aws-us-gov"],
    ["cn-south-1", "aws-cn"],
    ["eusc-de-west-2", "aws-eusc"],
    ["us-isob-north-1", "aws-iso-b"],
    ["mx-north-2", "aws"],
    ["moon-base-1", "aws"],
    ["", "aws"],
  ])("places the region %j, which is not yet known, in %s", (region, name) => {
    expect(partitionOf(region).name).toBe(name);
  });

  it.each(["", "a", "EU-west-1", "eu_west_1", "-eu", "eu-", "eu--west", "eu.west", "x".repeat(26), "eu-west-1\n"])(
    "does not take %j for a region",
    (text) => {
      expect(isRegion(text)).toBe(false);
    },
  );
});
