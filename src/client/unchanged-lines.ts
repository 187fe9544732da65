/**
 * The text `changed`, with each line that it has in common with `rendered` as it stands in `original`. `rendered` is
 * `original` written out by the program that then wrote `changed`: what it only spelled otherwise stays as it was.
 */
export function keepUnchangedLines(original: string, rendered: string, changed: string): string {
  const [originalLines, renderedLines, changedLines] = [original, rendered, changed].map((text) => text.split("\n")) as [string[], string[], string[]];
  if (originalLines.length !== renderedLines.length) return changed;
  const common = commonLengths(renderedLines, changedLines);
  const lines: string[] = [];
  let at = 0;
  for (let index = 0; index < changedLines.length; ) {
    if (at < renderedLines.length && renderedLines[at] === changedLines[index]) lines.push(originalLines[at++] ?? "");
    else if (at < renderedLines.length && (common[at + 1]?.[index] ?? 0) >= (common[at]?.[index + 1] ?? 0)) {
      at++;
      continue;
    } else lines.push(changedLines[index] ?? "");
    index++;
  }
  return lines.join("\n");
}

/** For each pair of positions how many lines the rests from there have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [row, next] = [lengths[i], lengths[i + 1]];
      if (row !== undefined) row[j] = a[i] === b[j] ? (next?.[j + 1] ?? 0) + 1 : Math.max(next?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
