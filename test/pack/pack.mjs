// Packs the package, installs the tarball into an empty project without its sources, imports every subpath both ways and runs the binaries.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "ecrkit-pack-"));
const run = (command, args, options = {}) => execFileSync(command, args, { encoding: "utf8", cwd: folder, ...options });

try {
  const [{ filename, files, size }] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: root }),
  );
  const paths = files.map(({ path }) => path);
  const strays = paths.filter(
    (path) => !/^(dist\/|README\.md|LICENSE|CHANGELOG\.md|package\.json)/.test(path) || path.includes(".test."),
  );
  assert.deepEqual(strays, [], "only dist and the papers are published");

  // The tarball's own files, and the dependencies from this checkout: nothing is fetched.
  const installed = join(folder, "node_modules", "ecrkit");
  mkdirSync(installed, { recursive: true });
  run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
  symlinkSync(join(root, "node_modules"), join(installed, "node_modules"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

  const subpaths = Object.keys(manifest.exports).filter((key) => key !== "./package.json");
  for (const key of subpaths) {
    const specifier = key.replace(/^\./, "ecrkit");
    const count = (code, type) => Number(run(process.execPath, [`--input-type=${type}`, "--eval", code]));
    const imported = count(`const m = await import("${specifier}"); console.log(Object.keys(m).length)`, "module");
    const required = count(
      `console.log(Object.keys(require("${specifier}")).filter((k) => k !== "__esModule").length)`,
      "commonjs",
    );
    assert.ok(
      imported > 0 && imported === required,
      `${specifier}: ${imported} names by import, ${required} by require`,
    );
    console.log(`pack: ${specifier} exports ${imported} names, by import and by require`);
  }
  for (const [name, file] of Object.entries(manifest.bin)) {
    const version = run(process.execPath, [join(installed, file), "--version"]).trim();
    assert.ok(version.includes(manifest.version), `${name} --version answers ${version}`);
    console.log(`pack: ${name} --version answers ${version}`);
  }
  console.log(`pack: ${paths.length} files, ${size} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
