// One line a figure: what was measured, beside the number it must reach.

/** One measured figure. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The number to reach: at most, or at least. */
  readonly goal: { readonly most: number } | { readonly least: number };
  /** What the figure was made of. */
  readonly detail?: string;
}

/** Prints figures as a table. */
export function printFigures(figures: readonly Figure[], print: (line: string) => void): void {
  for (const { what, value, unit, goal, detail } of figures) {
    const reached = "most" in goal ? value <= goal.most : value >= goal.least;
    const bound = "most" in goal ? `<= ${goal.most}` : `>= ${goal.least}`;
    print(`${reached ? "ok  " : "MISS"} ${what.padEnd(58)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(10)} (${bound})${detail === undefined ? "" : `  ${detail}`}`);
  }
}
