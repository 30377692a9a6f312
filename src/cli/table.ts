/** How one column of a rendered table looks. */
export interface ColumnStyle {
  readonly heading: string;
  readonly align: "left" | "right";
  readonly shrinks: boolean;
}

/** How a table is set. */
export interface TableStyle {
  /** Characters in a line; undefined when nothing is to be cut. */
  readonly width: number | undefined;
  readonly bold: (heading: string) => string;
}

/** Between columns. */
const GAP = "  ";
/** A column is not cut to less. */
const LEAST_WIDTH = 12;

/**
 * Rows below headings, without borders, the columns that shrink cut until a line fits. Cells are single lines.
 * Written here because a listing may have tens of thousands of rows, for which the table libraries take time that grows with the square.
 */
export function renderTable(
  columns: readonly ColumnStyle[],
  rows: readonly (readonly string[])[],
  { width, bold }: TableStyle,
): string {
  const widths = fittedWidths(columns, naturalWidths(columns, rows), width);
  const line = (cells: readonly string[], mark: (text: string) => string): string =>
    columns
      .map(({ align }, index) => {
        const text = cut(cells[index] ?? "", widths[index] ?? 0);
        const blanks = " ".repeat((widths[index] ?? 0) - widthOf(text));
        return align === "right" ? blanks + mark(text) : mark(text) + blanks;
      })
      .join(GAP)
      .trimEnd();
  const headings = columns.map(({ heading }) => heading);
  return [line(headings, bold), ...rows.map((row) => line(row, (text) => text))].join("\n");
}

const naturalWidths = (columns: readonly ColumnStyle[], rows: readonly (readonly string[])[]): readonly number[] =>
  columns.map(({ heading }, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? "")), widthOf(heading)),
  );

/** Takes from the widest of the columns that shrink until the line fits or none has more to give. */
function fittedWidths(
  columns: readonly ColumnStyle[],
  natural: readonly number[],
  width: number | undefined,
): readonly number[] {
  const widths = [...natural];
  if (width === undefined) return widths;
  let over = widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1)) - width;
  for (; over > 0; over -= 1) {
    const widest = columns.reduce(
      (best, { shrinks }, index) => (shrinks && (widths[index] ?? 0) > (widths[best] ?? LEAST_WIDTH) ? index : best),
      -1,
    );
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (widthOf(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ASCII = /^[\u0000-\u007f]*$/;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** documented: Unicode, East Asian Width, the blocks that are wide as a whole. */
const DOUBLE_WIDTH =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]$/u;

/** Columns that a text takes on a terminal. */
function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : DOUBLE_WIDTH.test(character) ? 2 : 1;
  return width;
}
