import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../secret.js";
import { OutsideError } from "./exit-code.js";
import { runLogin, shellLine } from "./login-tool.js";

const password = new Secret("hunter2");
const { signal } = new AbortController();

describe("shellLine", () => {
  it("quotes what a shell would read otherwise", () => {
    expect(shellLine(["ecrkit", "--profile", "it's mine; rm"])).toBe("ecrkit --profile 'it'\\''s mine; rm'");
  });
});

describe("running a tool's login", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ecrkit-login-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const tool = (script: string): string => {
    const file = join(folder, "tool");
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
    return file;
  };
  const options = { env: { PATH: process.env["PATH"] }, signal };

  it("gives the password to its stdin alone", async () => {
    const seen = join(folder, "seen");
    await runLogin([tool(`{ cat; echo; echo "args $*"; env; } > ${seen}`), "login", "host"], password, options);
    const [stdin, args, ...env] = readFileSync(seen, "utf8").split("\n");
    expect([stdin, args]).toEqual(["hunter2", "args login host"]);
    expect(env.join("\n")).not.toContain("hunter2");
  });

  it("says what the tool said when it fails", async () => {
    const file = tool("cat > /dev/null; echo 'unauthorized: no' >&2; exit 7");
    const failure = runLogin([file, "login"], password, options);
    await expect(failure).rejects.toThrow(new OutsideError(`${file} login failed (exit code 7): unauthorized: no`));
  });

  it("survives a tool that ends without reading its stdin", async () => {
    const file = tool("exit 3");
    await expect(runLogin([file], password, options)).rejects.toThrow(`${file} failed (exit code 3): it said nothing`);
  });

  it("says what to do when the tool is not installed", async () => {
    await expect(runLogin(["no-such-tool", "login"], password, options)).rejects.toThrow(
      "cannot run no-such-tool: it is not installed, or not on PATH; ecrkit login --print shows what would be run",
    );
  });
});
