// Behaviour: k8s.io/apimachinery/pkg/util/diff: how messages show what an update would have changed.

const CONTEXT = 3;

/** The lines in which two values differ, as pretty JSON, with three lines around each change; "" when they are the same. */
export function unifiedDiff(before: unknown, after: unknown): string {
  const operations = compare(lines(before), lines(after));
  return hunks(operations)
    .map(({ start, end }) => formatHunk(operations, start, end))
    .join("");
}

function lines(value: unknown): string[] {
  return JSON.stringify(value, null, 1).split("\n");
}

interface Operation {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

/** A longest common subsequence between what the two have in common at their start and end. */
function compare(a: readonly string[], b: readonly string[]): Operation[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const keep = (part: readonly string[]): Operation[] => part.map((line) => ({ sign: " ", line }));
  return [...keep(a.slice(0, start)), ...compareMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end)), ...keep(a.slice(a.length - end))];
}

function compareMiddle(a: readonly string[], b: readonly string[]): Operation[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const lengthAt = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const operations: Operation[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      operations.push({ sign: " ", line: a[i++] ?? "" });
      j++;
    } else if (i < a.length && (j === b.length || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) operations.push({ sign: "-", line: a[i++] ?? "" });
    else operations.push({ sign: "+", line: b[j++] ?? "" });
  }
  return operations;
}

/** The stretches of operations that are shown: changes that are near one another stand together. */
function hunks(operations: readonly Operation[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const [index, { sign }] of operations.entries()) {
    if (sign === " ") continue;
    const [start, end] = [Math.max(0, index - CONTEXT), Math.min(operations.length, index + CONTEXT + 1)];
    const last = found.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else found.push({ start, end });
  }
  return found;
}

function formatHunk(operations: readonly Operation[], start: number, end: number): string {
  const before = operations.slice(0, start);
  const shown = operations.slice(start, end);
  const count = (list: readonly Operation[], other: "-" | "+"): number => list.filter(({ sign }) => sign !== other).length;
  const range = (skipped: number, length: number): string => (length === 1 ? `${skipped + 1}` : `${length === 0 ? skipped : skipped + 1},${length}`);
  const header = `@@ -${range(count(before, "+"), count(shown, "+"))} +${range(count(before, "-"), count(shown, "-"))} @@\n`;
  return header + shown.map(({ sign, line }) => `${sign}${line}\n`).join("");
}
