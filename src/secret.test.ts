import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "./secret.js";

describe("a secret", () => {
  const secret = new Secret("hunter2");

  it("gives itself back only when asked by name", () => {
    expect(secret.reveal()).toBe("hunter2");
  });

  it.each([
    ["String()", String(secret)],
    ["a template", `${secret}`],
    ["concatenation", `pass: ${secret}`],
    ["JSON", JSON.stringify({ secret })],
    ["inspect", inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ["format", format("%s %o %O %j", secret, secret, secret, secret)],
    ["its keys and values", JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)])],
    ["a spread copy", inspect({ ...secret })],
    ["an error's message", new Error(`bad ${secret}`).message],
  ])("does not show in %s", (_, shown) => {
    expect(shown).not.toContain("hunter2");
  });

  it("says that something was left out", () => {
    expect(inspect(secret)).toBe("[REDACTED]");
    expect(JSON.stringify(secret)).toBe('"[REDACTED]"');
  });
});
