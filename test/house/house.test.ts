import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { crossings, crossingsOf, mayImport, sourceFiles } from "./rooms.js";

const src = fileURLToPath(new URL("../../src", import.meta.url));

describe("the house", () => {
  it("lets a room import only what stands below it", () => {
    const all = crossings(src);
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter(({ from, to }) => !mayImport(from, to))).toEqual([]);
  });

  it("keeps client and registry apart, whichever way and however the import is written", () => {
    const ways = [
      'import { a } from "../registry/store.js";',
      'import type { A } from "../registry/store.js";',
      'export { a } from "../registry/store.js";',
      'const a = await import("../registry/store.js");',
      'import "../registry/store.js";',
    ];
    for (const way of ways) {
      const found = crossingsOf("client/x.ts", way);
      expect(found).toEqual([{ file: "client/x.ts", from: "client", to: "registry" }]);
      expect(found.every(({ from, to }) => mayImport(from, to))).toBe(false);
    }
    expect(mayImport("registry", "client")).toBe(false);
    expect(mayImport("server", "client")).toBe(false);
  });

  it("keeps every source file under 300 lines, tables of the wire excepted", () => {
    const long = sourceFiles(src)
      .filter((file) => !/^protocol\/ecr(-public)?\//.test(file))
      .map((file) => ({ file, lines: readFileSync(`${src}/${file}`, "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it("has no room without a meaning", () => {
    expect(
      sourceFiles(src).filter((file) => /(^|\/)(utils?|helpers?|common|misc|shared|lib)(\/|\.ts$)/.test(file)),
    ).toEqual([]);
  });
});
