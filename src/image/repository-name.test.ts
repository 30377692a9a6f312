import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicRepositoryName, isRegistryAlias, isRepositoryName, isTag } from "./repository-name.js";

describe("repository name", () => {
  it.each(["ab", "app", "team/app", "1password/connect", "a.b_c-d/e__f/g---h", "0/1", "x".repeat(256)])(
    "may be %s in a private registry",
    (name) => {
      expect(isRepositoryName(name)).toBe(true);
    },
  );

  it.each([
    "",
    "a",
    "App",
    "/app",
    "app/",
    "team//app",
    "-app",
    "app-",
    "a..b",
    "a___b",
    "a._b",
    "a b",
    "a:b",
    "ä-b",
    "../etc",
    "app\n",
    "x".repeat(257),
  ])("may not be %j in a private registry", (name) => {
    expect(isRepositoryName(name)).toBe(false);
  });

  it("is stricter in a public registry: no doubled separators, 205 characters at most", () => {
    expect(isPublicRepositoryName("a.b_c-d/e")).toBe(true);
    expect(isPublicRepositoryName("x".repeat(205))).toBe(true);
    expect(["a__b", "a--b", "a", "", "a/", "x".repeat(206)].filter(isPublicRepositoryName)).toEqual([]);
  });

  it("is a private one whenever it is a public one", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9._/-]{1,12}$/), (name) => {
        expect(isPublicRepositoryName(name) && !isRepositoryName(name)).toBe(false);
      }),
    );
  });

  it("says the same as the pattern of the service model", () => {
    const model = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
    fc.assert(
      fc.property(fc.stringMatching(/^[ab0._/-]{2,10}$/), (name) => {
        expect(isRepositoryName(name)).toBe(model.test(name));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("registry alias", () => {
  it("begins with a letter and has 2 to 50 characters", () => {
    expect(["ab", "a1", "docker", "my-team.tools", "x".repeat(50)].filter((alias) => !isRegistryAlias(alias))).toEqual(
      [],
    );
    expect(["", "a", "1a", "a-", "a--b", "A1", "x".repeat(51)].filter(isRegistryAlias)).toEqual([]);
  });
});

describe("tag", () => {
  it("is 1 to 128 characters and begins with neither dot nor hyphen", () => {
    expect(["a", "_", "1.0", "V1.0-rc_1", "x".repeat(128)].filter((tag) => !isTag(tag))).toEqual([]);
    expect(["", ".a", "-a", "a:b", "a/b", "a b", "ä", "a\n", "x".repeat(129)].filter(isTag)).toEqual([]);
  });
});

describe("a piece of a name, repeated", () => {
  it.each(["a", "-", "a-", "a/", "a_", "."])(
    "is refused at once, a million times and within the limits: %j",
    (piece) => {
      for (const count of [25, 100, 127, 1_000_000]) {
        const text = `${piece.repeat(count)}!`;
        expect([isRepositoryName, isPublicRepositoryName, isRegistryAlias, isTag].filter((is) => is(text))).toEqual([]);
      }
    },
  );
});
