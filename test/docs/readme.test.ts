import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ecrOperations } from "../../src/protocol/ecr/operations.js";
import { ecrPublicOperations } from "../../src/protocol/ecr-public/operations.js";
import { implementations } from "../../src/registry/operations/implementations.js";
import { documents, root } from "./fences.js";

const readme = readFileSync(`${root}README.md`, "utf8");

/** The cells of the rows of the table that begins with the heading `first`, headings left out. */
function rowsOf(first: string): readonly (readonly string[])[] {
  const [, table = ""] = readme.split(new RegExp(`^\\| ${first} +\\|.*\n\\|[ |-]+\\|\n`, "m"));
  const lines = table.split("\n");
  return lines.slice(0, lines.indexOf("")).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("the README", () => {
  it("is short enough to be read", () => {
    expect(readme.split("\n").length).toBeLessThanOrEqual(150);
  });

  it("counts the operations that the local ECR has", () => {
    const count = (names: readonly string[]): number => names.filter((name) => name in implementations).length;
    const ecr = Object.keys(ecrOperations);
    const ecrPublic = Object.keys(ecrPublicOperations).map((name) => `ecr-public:${name}`);
    expect(readme).toContain(`All ${count(ecr)} operations of ECR and all ${count(ecrPublic)} of ECR Public are there`);
    expect(readme).toContain(`each of the ${ecr.length} operations of ECR by its AWS name`);
  });

  it("lists every import path of the package", () => {
    const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { readonly exports: object };
    const paths = Object.keys(exports)
      .filter((path) => path !== "./package.json")
      .map((path) => path.replace(/^\./, "ecrkit"));
    expect(
      rowsOf("import")
        .map(([path]) => path)
        .sort(),
    ).toEqual(paths.map((path) => `\`${path}\``).sort());
  });
});

describe("a document", () => {
  it.each(documents)("links only to files that are there: %s", (document) => {
    const links = [...readFileSync(`${root}${document}`, "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)];
    const missing = links
      .map(([, link = ""]) => link)
      .filter((link) => !existsSync(join(root, dirname(document), link)));
    expect(missing).toEqual([]);
  });
});
