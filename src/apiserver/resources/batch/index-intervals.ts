// Behaviour: validateIndexesFormat and validateFailedIndexesNotOverlapCompleted in k8s.io/kubernetes/pkg/apis/batch/validation.

/** Indexes from the first to the last. */
interface Interval {
  readonly first: number;
  readonly last: number;
}

/** How many indexes "0,2-4" names, or what is wrong with it. */
export function countIndexes(text: string, completions: number): { total: number; problem?: string } {
  let total = 0;
  let last: number | undefined;
  for (const part of text === "" ? [] : text.split(",")) {
    const interval = parseInterval(part, completions);
    if (typeof interval === "string") return { total: 0, problem: interval };
    if (last !== undefined && last >= interval.first) return { total: 0, problem: `non-increasing order, previous: ${last}, current: ${interval.first}` };
    total += interval.last - interval.first + 1;
    last = interval.last;
  }
  return { total };
}

/** The first index that is in both lists; parts of them that are malformed do not count. */
export function overlappingIndex(completed: string, failed: string, completions: number): number | undefined {
  const [one, other] = [completed, failed].map((text) => text.split(",").flatMap((part) => intervalsOf(part, completions)));
  for (const a of one ?? []) {
    const b = other?.find(({ first, last }) => a.first <= last && first <= a.last);
    if (b !== undefined) return Math.max(a.first, b.first);
  }
  return undefined;
}

function intervalsOf(text: string, completions: number): Interval[] {
  const interval = parseInterval(text, completions);
  return typeof interval === "string" ? [] : [interval];
}

function parseInterval(text: string, completions: number): Interval | string {
  const limits = text.split("-");
  if (limits.length > 2) return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  for (const limit of limits) {
    if (!/^[+]?[0-9]+$/.test(limit)) return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${JSON.stringify(limit)}`;
  }
  const [first = 0, last = first] = limits.map(Number);
  return limits.length > 1 && first >= last ? `non-increasing order, previous: ${first}, current: ${last}` : { first, last };
}
