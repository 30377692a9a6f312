import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPlatform, matchPlatform, normalisePlatform, type Platform, parsePlatform } from "./platform.js";

describe("platform", () => {
  it.each<[string, Platform, string]>([
    ["linux/amd64", { os: "linux", architecture: "amd64" }, "linux/amd64"],
    ["linux/arm64/v8", { os: "linux", architecture: "arm64" }, "linux/arm64"],
    ["linux/arm64/8", { os: "linux", architecture: "arm64" }, "linux/arm64"],
    ["linux/arm64/v8.0", { os: "linux", architecture: "arm64" }, "linux/arm64"],
    ["linux/arm64/9", { os: "linux", architecture: "arm64", variant: "v9" }, "linux/arm64/v9"],
    ["linux/aarch64", { os: "linux", architecture: "arm64" }, "linux/arm64"],
    ["Linux/X86_64", { os: "linux", architecture: "amd64" }, "linux/amd64"],
    ["linux/x86-64/v1", { os: "linux", architecture: "amd64" }, "linux/amd64"],
    ["linux/amd64/v3", { os: "linux", architecture: "amd64", variant: "v3" }, "linux/amd64/v3"],
    ["linux/i386", { os: "linux", architecture: "386" }, "linux/386"],
    ["linux/arm", { os: "linux", architecture: "arm", variant: "v7" }, "linux/arm/v7"],
    ["linux/arm/6", { os: "linux", architecture: "arm", variant: "v6" }, "linux/arm/v6"],
    ["linux/armhf", { os: "linux", architecture: "arm", variant: "v7" }, "linux/arm/v7"],
    ["linux/armel", { os: "linux", architecture: "arm", variant: "v6" }, "linux/arm/v6"],
    ["macos/aarch64", { os: "darwin", architecture: "arm64" }, "darwin/arm64"],
    ["linux/s390x", { os: "linux", architecture: "s390x" }, "linux/s390x"],
    ["linux/riscv64/rva22u64", { os: "linux", architecture: "riscv64", variant: "rva22u64" }, "linux/riscv64/rva22u64"],
    [
      "windows(10.0.17763.1)/amd64",
      { os: "windows", architecture: "amd64", osVersion: "10.0.17763.1" },
      "windows(10.0.17763.1)/amd64",
    ],
    [
      "windows(10.0.17763+win32k)/amd64",
      { os: "windows", architecture: "amd64", osVersion: "10.0.17763", osFeatures: ["win32k"] },
      "windows(10.0.17763+win32k)/amd64",
    ],
    [
      "windows(+win32k)/amd64",
      { os: "windows", architecture: "amd64", osFeatures: ["win32k"] },
      "windows(+win32k)/amd64",
    ],
  ])("reads %s and writes its usual name", (text, platform, usual) => {
    expect(parsePlatform(text)).toEqual(platform);
    expect(formatPlatform(platform)).toBe(usual);
  });

  it.each([
    "",
    "linux",
    "/amd64",
    "linux/",
    "linux/arm/",
    "linux/arm/v7/x",
    "lin ux/amd64",
    "linux()x/amd64",
    "linux/amd64\n",
  ])("refuses %j", (text) => {
    expect(parsePlatform(text)).toBeUndefined();
  });

  it.each(["a", "/", "(", "+", "a("])("refuses a million times %j at once", (piece) => {
    expect(parsePlatform(`linux(${piece.repeat(1_000_000)}`)).toBeUndefined();
    expect(parsePlatform(`linux(+${piece.repeat(1_000)}`)).toBeUndefined();
  });

  it("writes what it can read, and a normal platform is its own normal form", () => {
    const component = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9_.-]{1,6}$/),
      fc.constantFrom("arm", "arm64", "amd64", "v7", "8", "v8.0"),
    );
    const platforms = fc.record({
      os: fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/),
      architecture: component,
      variant: fc.option(component, { nil: undefined }),
      osVersion: fc.option(component, { nil: undefined }),
      osFeatures: fc.option(fc.array(component, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(platforms, (platform) => {
        const normal = normalisePlatform(platform);
        expect(normalisePlatform(normal)).toEqual(normal);
        expect(parsePlatform(formatPlatform(normal))).toEqual(normal);
      }),
    );
  });

  it("answers any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z0-9().+/]{0,20}$/)), (text) => {
        const platform = parsePlatform(text);
        if (platform !== undefined) expect(parsePlatform(formatPlatform(platform))).toEqual(platform);
      }),
    );
  });
});

/** Platforms as an index lists them: not normalised. */
const listed = (...texts: readonly string[]): Platform[] =>
  texts.map((text) => {
    const [os = "", architecture = "", variant] = text.split("/");
    return { os, architecture, variant };
  });

const match = (wanted: string, ...available: readonly string[]): string | undefined => {
  const platform = parsePlatform(wanted);
  const found = platform && matchPlatform(platform, listed(...available));
  return found && formatPlatform(found);
};

describe("matching a platform", () => {
  it.each<[string, readonly string[], string | undefined]>([
    ["linux/amd64", ["linux/arm64", "linux/amd64"], "linux/amd64"],
    ["linux/amd64", ["linux/386"], undefined],
    ["linux/amd64", ["windows/amd64"], undefined],
    ["linux/amd64", ["unknown/unknown"], undefined],
    ["linux/amd64", ["linux/amd64/v2"], undefined],
    ["linux/amd64/v3", ["linux/amd64", "linux/amd64/v4", "linux/amd64/v2"], "linux/amd64/v2"],
    ["linux/arm/v7", ["linux/arm/v5", "linux/arm/v6"], "linux/arm/v6"],
    ["linux/arm/v7", ["linux/arm/v6", "linux/arm/v7"], "linux/arm/v7"],
    ["linux/arm/v6", ["linux/arm/v7"], undefined],
    ["linux/arm/v7", ["linux/arm"], "linux/arm"],
    ["linux/arm64", ["linux/arm/v7", "linux/arm64/v8"], "linux/arm64/v8"],
    ["linux/arm64", ["linux/aarch64"], "linux/aarch64"],
    ["linux/arm64/v9", ["linux/arm64"], "linux/arm64"],
    ["linux/arm64/v8.5", ["linux/arm64", "linux/arm64/v8.2", "linux/arm64/v8.6"], "linux/arm64/v8.2"],
    ["linux/riscv64", ["linux/riscv64"], "linux/riscv64"],
    ["linux/riscv64", ["linux/riscv64/rva22u64"], undefined],
    ["linux/amd64", [], undefined],
  ])("for %s of %j takes %s", (wanted, available, taken) => {
    expect(match(wanted, ...available)).toBe(taken);
  });

  it("takes the first of equals, the very object", () => {
    const available = listed("linux/amd64", "linux/amd64");
    expect(matchPlatform({ os: "linux", architecture: "amd64" }, available)).toBe(available[0]);
  });

  const windows = (osVersion: string, ...osFeatures: readonly string[]): Platform => ({
    os: "windows",
    architecture: "amd64",
    osVersion,
    osFeatures,
  });

  it("takes a Windows image of the same build, the exact revision before others", () => {
    const available = [windows("10.0.20348.1"), windows("10.0.17763.1"), windows("10.0.17763.6293")];
    expect(matchPlatform(windows("10.0.17763.6293"), available)).toBe(available[2]);
    expect(matchPlatform(windows("10.0.17763.9999"), available)).toBe(available[1]);
    expect(matchPlatform(windows("10.0.14393.1"), available)).toBeUndefined();
    expect(matchPlatform({ os: "windows", architecture: "amd64" }, available)).toBe(available[0]);
  });

  it("does not ask for a version where an image names none, nor for a build where the system has no builds", () => {
    const any: Platform = { os: "windows", architecture: "amd64" };
    expect(matchPlatform(windows("10.0.17763.1"), [any])).toBe(any);
    const freebsd = (osVersion: string): Platform => ({ os: "freebsd", architecture: "amd64", osVersion });
    expect(matchPlatform(freebsd("14.1.0.1"), [freebsd("14.1.0.2")])).toBeUndefined();
  });

  it("takes nothing that needs a feature which is not there", () => {
    const available = [windows("10.0.17763.1", "win32k"), windows("10.0.17763.1")];
    expect(matchPlatform(windows("10.0.17763.1"), available)).toBe(available[1]);
    expect(matchPlatform(windows("10.0.17763.1", "win32k", "other"), available)).toBe(available[0]);
  });

  it("never takes what it was not given, and always takes the wanted one itself", () => {
    const platforms = fc.record({
      os: fc.constantFrom("linux", "windows"),
      architecture: fc.constantFrom("amd64", "arm64", "arm", "386", "riscv64"),
      variant: fc.option(fc.constantFrom("v5", "v6", "v7", "v8", "v9", "v8.2", "soft"), { nil: undefined }),
    });
    fc.assert(
      fc.property(platforms, fc.array(platforms), (wanted, available) => {
        const found = matchPlatform(wanted, available);
        if (found !== undefined) expect(available).toContain(found);
        const best = matchPlatform(wanted, [...available, wanted]);
        expect(normalisePlatform(best ?? { os: "", architecture: "" })).toEqual(normalisePlatform(wanted));
      }),
    );
  });
});
