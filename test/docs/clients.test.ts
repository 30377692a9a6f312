import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FACES, fencesOf, root } from "./fences.js";

const fences = fencesOf("docs/clients.md");
const files = fences.flatMap(({ info, code }) => {
  const name = /^ts file: (\S+)$/.exec(info)?.[1];
  return name === undefined ? [] : [{ name, code }];
});

/** The document's configuration, with the sources in place of an installed package. */
const sourceConfig = `
import { mergeConfig } from "vitest/config";
import documented from "./vitest.config.js";

const alias = ${JSON.stringify(Object.entries(FACES).map(([name, file]) => ({ find: `^${name}$`, replacement: root + file })))};
export default mergeConfig(documented, {
  resolve: { alias: alias.map(({ find, replacement }) => ({ find: new RegExp(find), replacement })) },
});
`;

describe("docs/clients.md", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ecrkit-docs-"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const { name, code } of files) writeFileSync(join(folder, name), code);
    writeFileSync(join(folder, "source.config.ts"), sourceConfig);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("says of every block whether it is run, and of one that is not why", () => {
    const marked = /^(text|sh env|sh serve|(sh|python) run(: [a-z0-9 ]+)?|ts( file: [\w.-]+)?|\w+ not-run: \S.{5,})$/;
    expect(fences.filter(({ info }) => !marked.test(info)).map(({ place, info }) => [place, info])).toEqual([]);
    expect(files.map(({ name }) => name)).toEqual(["local-ecr.ts", "vitest.config.ts", "app.test.ts"]);
  });

  it("has a global set-up for vitest that gives a run of tests its local ECR", async () => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const env = { PATH: process.env["PATH"], HOME: folder, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
    const args = ["run", "--root", folder, "--config", "source.config.ts", "--reporter", "json"];
    const { stdout } = await promisify(execFile)(process.execPath, [vitest, ...args], { env, cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ success: true, numTotalTests: 1, numPassedTests: 1 });
  }, 60_000);
});
