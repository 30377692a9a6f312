import { describe, expect, it } from "vitest";
import { renderTable } from "./table.js";

const columns = [
  { heading: "NAME", align: "left", shrinks: true },
  { heading: "SIZE", align: "right", shrinks: false },
] as const;
const plain = { bold: (text: string) => text, width: undefined };

describe("a table", () => {
  it("puts values under their headings, numbers to the right, and no blanks at the end of a line", () => {
    expect(
      renderTable(
        columns,
        [
          ["app", "1.0 kB"],
          ["team/longer", "12 B"],
        ],
        plain,
      ),
    ).toBe(["NAME           SIZE", "app          1.0 kB", "team/longer    12 B"].join("\n"));
  });

  it("cuts a column that shrinks so that a line fits the terminal", () => {
    const table = renderTable(columns, [["a-name-of-thirty-characters-oh", "1.0 kB"]], { ...plain, width: 24 });
    expect(table.split("\n")).toEqual(["NAME                SIZE", "a-name-of-thirt…  1.0 kB"]);
  });

  it("takes first from the widest column", () => {
    const both = columns.map((column) => ({ ...column, shrinks: true }));
    const table = renderTable(both, [["x".repeat(40), "y".repeat(20)]], { ...plain, width: 42 });
    expect(table.split("\n")[1]).toBe(`${"x".repeat(19)}…  ${"y".repeat(20)}`);
  });

  it("never cuts a column below what can be recognised, however narrow the terminal", () => {
    const table = renderTable(columns, [["x".repeat(40), "1.0 kB"]], { ...plain, width: 5 });
    expect(table.split("\n")[1]).toBe(`${"x".repeat(11)}…  1.0 kB`);
  });

  it("cuts nothing when no width is given", () => {
    expect(renderTable(columns, [["x".repeat(300), "1.0 kB"]], plain).split("\n")[1]).toBe(
      `${"x".repeat(300)}  1.0 kB`,
    );
  });

  it("does not count colours as width", () => {
    const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
    expect(renderTable(columns, [["app", "12 B"]], { bold, width: undefined })).toBe(
      ["\u001b[1mNAME\u001b[22m  \u001b[1mSIZE\u001b[22m", "app   12 B"].join("\n"),
    );
  });

  it("stays aligned under characters that take two places or none", () => {
    const rows = [
      ["日本語", "1 B"],
      ["e\u0301", "2 B"],
    ];
    expect(renderTable(columns, rows, plain)).toBe("NAME    SIZE\n日本語   1 B\ne\u0301        2 B");
    const wide = renderTable(columns, [["日本語日本語日本語", "1 B"]], { ...plain, width: 18 });
    expect(wide.split("\n")[1]).toBe("日本語日本…    1 B");
  });

  it("renders ten thousand rows without a pause", () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => [`app-${index}`, "12 B"]);
    expect(renderTable(columns, rows, { ...plain, width: 80 }).split("\n")).toHaveLength(10_001);
  });
});
