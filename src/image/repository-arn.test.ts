import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatRepositoryArn, parseRepositoryArn, type RepositoryArn } from "./repository-arn.js";

describe("repository ARN", () => {
  it.each<[string, RepositoryArn]>([
    [
      "arn:aws:ecr:eu-west-1:123456789012:repository/team/app",
      { kind: "private", region: "eu-west-1", account: "123456789012", repositoryName: "team/app" },
    ],
    [
      "arn:aws-cn:ecr:cn-north-1:123456789012:repository/app",
      { kind: "private", region: "cn-north-1", account: "123456789012", repositoryName: "app" },
    ],
    [
      "arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/app",
      { kind: "private", region: "us-gov-west-1", account: "123456789012", repositoryName: "app" },
    ],
    [
      "arn:aws:ecr-public::123456789012:repository/app",
      { kind: "public", account: "123456789012", repositoryName: "app" },
    ],
  ])("reads and writes %s", (text, arn) => {
    expect(parseRepositoryArn(text)).toEqual(arn);
    expect(formatRepositoryArn(arn)).toBe(text);
  });

  it.each([
    ["nothing", ""],
    ["another service", "arn:aws:s3:eu-west-1:123456789012:repository/app"],
    ["a registry", "arn:aws:ecr-public::123456789012:registry/123456789012"],
    ["a partition that the region is not in", "arn:aws-cn:ecr:eu-west-1:123456789012:repository/app"],
    ["a private one without a region", "arn:aws:ecr::123456789012:repository/app"],
    ["a public one with a region", "arn:aws:ecr-public:us-east-1:123456789012:repository/app"],
    ["a public one of another partition", "arn:aws-cn:ecr-public::123456789012:repository/app"],
    ["an account of eleven digits", "arn:aws:ecr:eu-west-1:12345678901:repository/app"],
    ["a name that no repository has", "arn:aws:ecr:eu-west-1:123456789012:repository/App"],
    ["a public name with a doubled separator", "arn:aws:ecr-public::123456789012:repository/a--b"],
    ["no name", "arn:aws:ecr:eu-west-1:123456789012:repository/"],
    ["a line break at the end", "arn:aws:ecr:eu-west-1:123456789012:repository/app\n"],
    ["a million characters", `arn:aws:ecr:eu-west-1:123456789012:repository/${"a-".repeat(500_000)}`],
  ])("refuses %s", (_, text) => {
    expect(parseRepositoryArn(text)).toBeUndefined();
  });

  it("answers any text, and writes back what it reads", () => {
    const arnLike = fc.stringMatching(
      /^arn:aws(-cn)?:ecr(-public)?:(eu-west-1|cn-north-1)?:[0-9]{12}:repository\/[a-z0-9._/-]{1,8}$/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), arnLike), (text) => {
        const arn = parseRepositoryArn(text);
        if (arn !== undefined) expect(formatRepositoryArn(arn)).toBe(text);
      }),
    );
  });
});
