// Behaviour: text/tabwriter of Go with kubectl's settings (padding by spaces, widths remembered from one flush to the next).

/** How columns are laid out. */
export interface TabSettings {
  readonly minWidth: number;
  readonly padding: number;
  /** Columns keep at least the width that they had before. */
  readonly rememberWidths: boolean;
}

/** The settings of tables (`get`). */
export const tableSettings: TabSettings = { minWidth: 6, padding: 3, rememberWidths: true };

/** The settings of descriptions (`describe`). */
export const describeSettings: TabSettings = { minWidth: 0, padding: 2, rememberWidths: false };

/** Lines whose cells are separated by tabs, laid out in columns. A column is a run of lines that have that cell followed by a tab. */
export function layOut(text: string, settings: TabSettings, remembered: number[] = []): string {
  const endsInBreak = text.endsWith("\n");
  const lines = (endsInBreak ? text.slice(0, -1) : text).split("\n").map((line) => line.split("\t"));
  const widths: number[][] = lines.map(() => []);
  measure(lines, 0, lines.length, 0, settings, remembered, widths);
  const out = lines.map((cells, row) => cells.map((cell, column) => (column === cells.length - 1 ? cell : pad(cell, widths[row]?.[column] ?? 0))).join(""));
  return text === "" ? "" : out.join("\n") + (endsInBreak ? "\n" : "");
}

function pad(cell: string, width: number): string {
  const length = lengthOf(cell);
  return length < width ? cell + " ".repeat(width - length) : cell;
}

/** Characters of a cell; only text beyond ASCII needs counting. */
function lengthOf(cell: string): number {
  // oxlint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(cell) ? cell.length : [...cell].length;
}

/** Fills in the widths of the blocks of column `column` in rows `from` to `to`, then of the columns inside each block. */
function measure(lines: readonly string[][], from: number, to: number, column: number, settings: TabSettings, remembered: number[], widths: number[][]): void {
  for (let row = from; row < to; row++) {
    if (column >= (lines[row]?.length ?? 0) - 1) continue;
    let end = row;
    let width = settings.minWidth;
    for (; end < to && column < (lines[end]?.length ?? 0) - 1; end++) {
      width = Math.max(width, lengthOf(lines[end]?.[column] ?? "") + settings.padding);
    }
    if (settings.rememberWidths) {
      width = Math.max(width, remembered[column] ?? 0);
      remembered[column] = width;
    }
    for (let block = row; block < end; block++) (widths[block] ??= [])[column] = width;
    measure(lines, row, end, column + 1, settings, remembered, widths);
    row = end - 1;
  }
}
