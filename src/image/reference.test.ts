import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatImageReference, type ImageReference, parseImageReference, repositoryUri } from "./reference.js";

const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const digest = `sha256:${"a".repeat(64)}`;

describe("image reference", () => {
  it.each<[string, ImageReference]>([
    [`${host}/team/app`, { host, repository: "team/app" }],
    [`${host}/app:v1`, { host, repository: "app", tag: "v1" }],
    [`${host}/app@${digest}`, { host, repository: "app", digest }],
    [`${host}/app:v1@${digest}`, { host, repository: "app", tag: "v1", digest }],
    ["public.ecr.aws/docker/library/redis:7", { host: "public.ecr.aws", repository: "docker/library/redis", tag: "7" }],
    ["localhost/app", { host: "localhost", repository: "app" }],
    ["localhost:4580/app:v1", { host: "localhost:4580", repository: "app", tag: "v1" }],
    ["[::1]:4580/app:v1", { host: "[::1]:4580", repository: "app", tag: "v1" }],
    ["registry-1.docker.io/library/redis", { host: "registry-1.docker.io", repository: "library/redis" }],
    ["build:5000/app", { host: "build:5000", repository: "app" }],
    ["team/app:v1", { repository: "team/app", tag: "v1" }],
    ["app", { repository: "app" }],
    [`app@${digest}`, { repository: "app", digest }],
  ])("reads and writes %s", (text, reference) => {
    expect(parseImageReference(text)).toEqual(reference);
    expect(formatImageReference(reference)).toBe(text);
  });

  it.each([
    ["nothing", ""],
    ["a host alone", `${host}/`],
    ["an empty tag", "app:"],
    ["an empty digest", "app@"],
    ["two digests", `app@${digest}@${digest}`],
    ["a short digest", "app@sha256:abc"],
    ["a tag after the digest", `app@${digest}:v1`],
    ["a tag of 129 characters", `app:${"x".repeat(129)}`],
    ["a capital letter in the repository", `${host}/App`],
    ["a scheme", `https://${host}/app`],
    ["a user", `user@${host}/app`],
    ["a port that is not a number", "localhost:port/app"],
    ["a dot segment", "localhost/../app"],
    ["a public repository without an alias", "public.ecr.aws/app"],
    ["a public repository with a doubled separator", "public.ecr.aws/alias/a--b"],
    ["a private repository of one letter", `${host}/a`],
    ["a space", "app v1"],
    ["a line break at the end", "app:v1\n"],
  ])("refuses %s", (_, text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  it.each(["a", "a-", "a.", "a/", "a:", "@", "[", "-"])(
    "refuses %j repeated, a million times and within the limit, at once",
    (piece) => {
      expect(parseImageReference(piece.repeat(1_000_000))).toBeUndefined();
      expect(parseImageReference(`${piece.repeat(500)}!`)).toBeUndefined();
    },
  );

  it("reads back whatever it writes", () => {
    const hosts = fc.constantFrom(undefined, "localhost", "localhost:4580", host, "ghcr.io", "127.0.0.1:1");
    const references = fc.record({
      host: hosts,
      repository: fc.stringMatching(/^[a-z0-9]{2,5}(-[a-z0-9]{1,3}){0,2}(\/[a-z0-9]{1,5}(__[a-z0-9]{1,3}){0,2}){0,3}$/),
      tag: fc.option(fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/), { nil: undefined }),
      digest: fc.option(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), { nil: undefined }),
    });
    fc.assert(
      fc.property(references, (reference) => {
        fc.pre(!(reference.host === undefined && reference.repository.startsWith("localhost/")));
        expect(parseImageReference(formatImageReference(reference))).toEqual(reference);
      }),
    );
  });

  it("answers any text, and writes back what it reads", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z0-9.:/@_[\]-]{0,30}$/)), (text) => {
        const reference = parseImageReference(text);
        if (reference !== undefined) expect(formatImageReference(reference)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("repository URI", () => {
  it("is host and name, as ECR spells it", () => {
    const account = "123456789012";
    expect(
      repositoryUri({ kind: "private", account, region: "eu-west-1", fips: false, dualStack: false }, "team/app"),
    ).toBe(`${host}/team/app`);
    expect(repositoryUri({ kind: "public", dualStack: false }, "alias/app")).toBe("public.ecr.aws/alias/app");
    expect(repositoryUri({ kind: "local", hostname: "localhost", port: 4580 }, "app")).toBe("localhost:4580/app");
  });
});
