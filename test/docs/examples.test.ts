import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import ts from "typescript-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documents, FACES, type Fence, fencesOf, root } from "./fences.js";

const fences = documents.flatMap(fencesOf);
const isTypeScript = ({ info }: Fence): boolean => /^(ts|typescript)\b/.test(info);
const runnable = fences.filter(({ info }) => info === "ts");
/** What a test of its own runs, together with its neighbours: `test/docs/clients.test.ts`. */
const files = fences.filter(({ info }) => /^ts file: \S+$/.test(info));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ecrkit-docs-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Bundles an example against the sources and runs it in a process of its own, without anything of AWS in its environment. */
async function run(name: string, source: { readonly code: string } | { readonly file: string }): Promise<string> {
  const outfile = join(folder, `${name.replaceAll(/\W+/g, "-")}.mjs`);
  await build({
    ...("file" in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.code, loader: "ts", resolveDir: root } }),
    alias: Object.fromEntries(Object.entries(FACES).map(([name, file]) => [name, `${root}${file}`])),
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["@aws-sdk/credential-providers", "lmdb"],
    // What is bundled of the AWS SDK is CommonJS.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    logLevel: "silent",
  });
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    NODE_PATH: `${root}node_modules`,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env, cwd: folder });
  return stdout;
}

describe("an example in the documents", () => {
  it("is there to be run", () => {
    expect(runnable.length).toBeGreaterThan(3);
  });

  it.each(runnable.map((fence) => [fence.place, fence] as const))(
    "runs offline and prints what it says it prints: %s",
    async (place, { code, prints = "" }) => {
      expect(await run(place, { code })).toBe(prints);
    },
    20_000,
  );

  it("that cannot be run says why", () => {
    const others = fences.filter((fence) => isTypeScript(fence) && ![...runnable, ...files].includes(fence));
    expect(others.filter(({ info }) => !/^ts not-run: \S.{5,}$/.test(info))).toEqual([]);
  });

  it("has right types", () => {
    const file = (fence: Fence): string => `${root}test/docs/${fence.place.replaceAll(/\W+/g, "-")}.ts`;
    const texts = new Map([...runnable, ...files].map((fence) => [file(fence), `${fence.code}\nexport {};\n`]));
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
      paths: Object.fromEntries(Object.entries(FACES).map(([name, source]) => [name, [`${root}${source}`]])),
    };
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile } = host;
    host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
    host.readFile = (name) => texts.get(name) ?? readFile.call(host, name);
    const program = ts.createProgram([...texts.keys()], options, host);
    const problems = [...texts.keys()].flatMap((name) => {
      const source = program.getSourceFile(name);
      return source === undefined
        ? []
        : [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    });
    expect(
      problems.map(
        ({ file: at, messageText }) => `${at?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
      ),
    ).toEqual([]);
  }, 60_000);
});

describe("npm start", () => {
  it("shows an image going into the local ECR and back, byte for byte", async () => {
    const stdout = await run("start", { file: `${root}examples/start.mjs` });
    expect(stdout).toContain("pushed team/hello:v1, an index of 2 platforms");
    expect(stdout).toMatch(/linux\/amd64 +sha256:[0-9a-f]{12}… +3 +800\.\d kB\n +linux\/arm64/);
    expect(stdout).toContain("every byte is the same: 1 index, 2 manifests, 8 blobs");
  }, 20_000);
});
