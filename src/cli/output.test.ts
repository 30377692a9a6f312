import { describe, expect, it } from "vitest";
import { createOutput, type OutputFormat } from "./output.js";

const columns = [{ heading: "NAME", value: ({ name }: { readonly name: string }) => name, shrinks: true }];

function capture(format: OutputFormat, { env = {}, isTTY = false, columns: width = 80 } = {}) {
  const text = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    isTTY,
    columns: width,
    write: (more: string) => {
      text[name] += more;
    },
  });
  const { signal } = new AbortController();
  return { text, output: createOutput({ stdout: sink("stdout"), stderr: sink("stderr"), env, signal }, format) };
}

describe("results", () => {
  it("are one JSON document with --output json, an empty list included", () => {
    const { text, output } = capture("json");
    output.list([{ name: "a", size: 1 }], columns, "none");
    expect(JSON.parse(text.stdout)).toEqual([{ name: "a", size: 1 }]);
    const empty = capture("json");
    empty.output.list([], columns, "none");
    expect(empty.text).toEqual({ stdout: "[]\n", stderr: "" });
  });

  it("are one document a line with --output ndjson, and nothing when there are none", () => {
    const { text, output } = capture("ndjson");
    output.list([{ name: "a" }, { name: "b" }], columns, "none");
    expect(text.stdout).toBe('{"name":"a"}\n{"name":"b"}\n');
    const empty = capture("ndjson");
    empty.output.list([], columns, "none");
    expect(empty.text).toEqual({ stdout: "", stderr: "" });
  });

  it("are whole and without colours when they go to a file", () => {
    const { text, output } = capture("table");
    output.list([{ name: "x".repeat(200) }], columns, "none");
    expect(text.stdout).toBe(`NAME\n${"x".repeat(200)}\n`);
  });

  it("fit the terminal, with bold headings", () => {
    const { text, output } = capture("table", { isTTY: true, columns: 20 });
    output.list([{ name: "x".repeat(200) }], columns, "none");
    expect(text.stdout).toBe(`\u001b[1mNAME\u001b[22m\n${"x".repeat(19)}…\n`);
  });

  it.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("are without colours under %o", (env) => {
    const { text, output } = capture("table", { isTTY: true, env });
    output.list([{ name: "a" }], columns, "none");
    expect(text.stdout).toBe("NAME\na\n");
  });

  it("say on stderr that there are none, so that a pipe stays empty", () => {
    const { text, output } = capture("table");
    output.list([], columns, "no repositories");
    expect(text).toEqual({ stdout: "", stderr: "no repositories\n" });
  });

  it("never carry a control character from elsewhere to the terminal", () => {
    const { text, output } = capture("table");
    output.list([{ name: "a\u001b]0;owned\u0007\u202eb" }], columns, "none");
    output.one({}, (paper) => [paper.facts([["label \u001b", "\u001b[2J"]])]);
    expect(text.stdout).toBe("NAME\na\\x1b]0;owned\\x07\\x202eb\nlabel \\x1b  \\x1b[2J\n");
  });
});

describe("progress", () => {
  it("is a line of its own on a terminal, gone when the result comes", () => {
    const { text, output } = capture("ndjson", { isTTY: true });
    output.progress("100 images");
    output.progress("200 images");
    output.list([], columns, "none");
    expect(text).toEqual({ stdout: "", stderr: "100 images\r\u001b[2K200 images\r\u001b[2K" });
  });

  it("is nothing at all when stderr is not a terminal", () => {
    const { text, output } = capture("table");
    output.progress("100 images");
    expect(text).toEqual({ stdout: "", stderr: "" });
  });
});
