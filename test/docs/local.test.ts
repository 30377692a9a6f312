import { readFileSync } from "node:fs";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { declareLocal } from "../../src/cli/commands/local.js";
import { root } from "./fences.js";

const read = (file: string): string => readFileSync(`${root}${file}`, "utf8");

/** The names of the options that `createLocalEcr` takes, out of the snapshot of its types. */
function optionNames(): readonly string[] {
  return ["AccessOptions", "LocalEcrOptions"].flatMap((name) => {
    const [, members = ""] = new RegExp(`interface ${name}\\b[^{]*\\{\\n([^}]*)\\}`).exec(read("api/local.txt")) ?? [];
    return [...members.matchAll(/readonly (\w+)\?/g)].map(([, option = ""]) => option);
  });
}

describe("docs", () => {
  const command = new Command("local");
  declareLocal(command, undefined as never);
  const flags = command.options.map(({ long }) => long ?? "");

  it.each(["docs/local.md", "docs/cli.md"])("list every flag of ecrkit local: %s", (file) => {
    expect(flags).toContain("--upstream");
    expect(flags.filter((flag) => !read(file).includes(`| \`${flag}`))).toEqual([]);
  });

  it("list every option of createLocalEcr", () => {
    const options = optionNames();
    expect(options).toEqual(expect.arrayContaining(["auth", "time", "publicAliases"]));
    expect(options.filter((option) => !read("docs/local.md").includes(`| \`${option}\``))).toEqual([]);
  });
});
