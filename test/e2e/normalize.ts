// What differs between two runs of the same commands without a difference that counts.

const REPLACEMENTS: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<UID>"],
  [/\b(?:docker|containerd):\/\/[0-9a-f]{64}\b/g, "<CONTAINER-ID>"],
  [/\bsha256:[0-9a-f]{64}\b/g, "<IMAGE-ID>"],
  [/\b[bcdfghjklmnpqrstvwxz2456789]{7,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "<HASH>-<SUFFIX>"],
  [/(?<=-|=)[bcdfghjklmnpqrstvwxz2456789]{8,10}\b/g, "<HASH>"],
  [/(?<=[a-z]-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "<SUFFIX>"],
  [/\b[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}\b/g, "<TIME>"],
  [/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g, "<TIME>"],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, "<IP>"],
  [/"?resourceVersion"?: "?\d+"?/g, "resourceVersion: <RV>"],
  [/\(x\d+ over [0-9dhms]+\)/g, ""],
  [/\b(?:\d+[dhms])+ ago\b/g, "<AGE> ago"],
  [/(?<=\s)(?:\d+[dhms])+(?=\s|$)/gm, "<AGE>"],
  [/-{4,}/g, "----"],
  [/[ \t]{2,}/g, "  "],
  [/[ \t]+$/gm, ""],
];

/** The text with names, times, addresses and column widths taken out. */
export function normalize(text: string): string {
  return REPLACEMENTS.reduce((result, [pattern, replacement]) => result.replaceAll(pattern, replacement), text);
}

/** As `normalize`, the lines of the events sorted and each once: how often and in which order is the machine's business. */
export function normalizeDescription(text: string): string {
  const [before = "", events] = normalize(text).split(/^Events:/m);
  if (events === undefined) return before;
  return `${before}Events:\n${[...new Set(events.split("\n").map((line) => line.trim()))].sort().join("\n")}`;
}

/** As `normalize`, without the lines on the way to the result. */
export function normalizeProgress(text: string): string {
  return normalize(text).split("\n").filter((line) => !line.startsWith("Waiting for")).join("\n");
}
