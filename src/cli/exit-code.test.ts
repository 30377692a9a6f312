import { describe, expect, it } from "vitest";
import { EcrError } from "../errors.js";
import { OutsideError, report, UsageError } from "./exit-code.js";

function reported(error: unknown, { reason, env = {} }: { reason?: unknown; env?: Record<string, string> } = {}) {
  let stderr = "";
  const ending = new AbortController();
  if (reason !== undefined) ending.abort(reason);
  const sink = (keep: boolean) => ({
    write: (text: string) => {
      if (keep) stderr += text;
    },
  });
  const code = report(error, { stdout: sink(false), stderr: sink(true), env, signal: ending.signal });
  return { code, stderr };
}

const service = { code: "InvalidParameterException", message: "no", status: 400, members: {} };

describe("an error on the command line", () => {
  it.each([
    ["a wrong command line", new UsageError("no such flag"), 2],
    ["a bad value that was never sent", new EcrError("no", { kind: "InvalidParameter" }), 2],
    ["a bad value that ECR refused", new EcrError("no", { kind: "InvalidParameter", service }), 3],
    ["something that is not there", new EcrError("no", { kind: "RepositoryNotFound" }), 3],
    ["a program that is not installed", new OutsideError("no docker"), 3],
    ["credentials", new EcrError("no", { kind: "ExpiredToken" }), 4],
    ["a service that is busy", new EcrError("no", { kind: "Throttled" }), 5],
    ["a mistake of ecrkit", new TypeError("x is undefined"), 1],
  ])("exits by its category: %s", (_what, error, code) => {
    expect(reported(error).code).toBe(code);
  });

  it("is one line, whatever it is made of", () => {
    const error = new EcrError("the first line\n  the second\u001b[2J", { kind: "RepositoryNotFound" });
    expect(reported(error).stderr).toBe("ecrkit: the first line the second\\x1b[2J\n");
  });

  it("says that it was not expected when it is a mistake, with the stack only when asked", () => {
    const error = new TypeError("x is undefined");
    expect(reported(error).stderr).toBe("ecrkit: unexpected: TypeError: x is undefined\n");
    expect(reported(error, { env: { ECRKIT_DEBUG: "1" } }).stderr.split("\n").length).toBeGreaterThan(3);
  });

  it("is no error of its own when a signal ended the command", () => {
    const aborted = new EcrError("aborted", { kind: "Aborted" });
    expect(reported(aborted, { reason: "SIGINT" })).toEqual({ code: 130, stderr: "ecrkit: stopped\n" });
    expect(reported("SIGTERM", { reason: "SIGTERM" })).toEqual({ code: 143, stderr: "ecrkit: stopped\n" });
  });
});
