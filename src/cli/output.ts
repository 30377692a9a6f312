import picocolors from "picocolors";
import { renderTable } from "./table.js";
import { printable, type Terminal } from "./terminal.js";

/** How results are written: for people, as one JSON document, or as one JSON document a line. */
export type OutputFormat = "table" | "json" | "ndjson";

export const outputFormats: readonly OutputFormat[] = ["table", "json", "ndjson"];

/** One column of a table. */
export interface Column<Row> {
  readonly heading: string;
  readonly value: (row: Row) => string;
  readonly align?: "left" | "right";
  /** Whether the column may be cut when the terminal is too narrow. @default false */
  readonly shrinks?: boolean;
}

/** Writes results to stdout and progress to stderr. */
export interface Output {
  readonly format: OutputFormat;
  /** A list of like things. Programs get the whole items as they are, people the columns. `none` is said to people when there are none. */
  list<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): void;
  /** One thing: programs get it as it is, people what `draw` returns. */
  one(value: unknown, draw: (paper: Paper) => readonly string[]): void;
  /** Shows what is going on, on a terminal's stderr only; the next call replaces it, and an empty text ends it. */
  progress(text: string): void;
}

/** What a result for people is drawn with. */
export interface Paper {
  heading(text: string): string;
  faint(text: string): string;
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string;
  /** Names and values below each other; a value that is not there is left out. */
  facts(facts: readonly (readonly [name: string, value: string | undefined])[]): string;
}

export function createOutput(terminal: Terminal, format: OutputFormat): Output {
  const { stdout, stderr } = terminal;
  const paper = createPaper(terminal);
  const write = (text: string): unknown => stdout.write(`${text}\n`);
  const progress = createProgress(terminal);
  return {
    format,
    progress,
    list(rows, columns, none) {
      progress("");
      if (format === "json") write(JSON.stringify(rows, null, 2));
      else if (format === "ndjson") for (const row of rows) write(JSON.stringify(row));
      else if (rows.length > 0) write(paper.table(rows, columns));
      else stderr.write(`${printable(none)}\n`);
    },
    one(value, draw) {
      progress("");
      if (format === "table") for (const part of draw(paper)) write(part);
      else write(JSON.stringify(value, null, format === "json" ? 2 : undefined));
    },
  };
}

function createPaper({ stdout, env }: Terminal): Paper {
  const isForPeople = stdout.isTTY === true;
  const colors = picocolors.createColors(isForPeople && !env["NO_COLOR"] && env["TERM"] !== "dumb");
  const width = isForPeople ? (stdout.columns ?? 80) : undefined;
  const table: Paper["table"] = (rows, columns) =>
    renderTable(
      columns.map(({ heading, align = "left", shrinks = false }) => ({ heading, align, shrinks })),
      rows.map((row) => columns.map(({ value }) => printable(value(row)))),
      { width, bold: colors.bold },
    );
  return {
    heading: (text) => colors.bold(printable(text)),
    faint: (text) => colors.dim(printable(text)),
    table,
    facts(facts) {
      const given = facts.flatMap(([name, value]) => (value === undefined ? [] : [[printable(name), value] as const]));
      const longest = given.reduce((most, [name]) => Math.max(most, name.length), 0);
      return given.map(([name, value]) => `${colors.dim(name.padEnd(longest))}  ${printable(value)}`).join("\n");
    },
  };
}

/** Clears the line and goes back to its start. documented: ECMA-48, EL. */
const CLEAR_LINE = "\r\u001b[2K";

function createProgress({ stderr, env }: Terminal): (text: string) => void {
  if (stderr.isTTY !== true || env["TERM"] === "dumb") return () => {};
  let isShown = false;
  return (text) => {
    if (isShown || text !== "") stderr.write(`${isShown ? CLEAR_LINE : ""}${printable(text)}`);
    isShown = text !== "";
  };
}
