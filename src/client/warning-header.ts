// Behaviour: k8s.io/apimachinery/pkg/util/net (ParseWarningHeaders): RFC 7234's `299 - "text"`.

/** The texts of Warning headers; a header may hold several. */
export function parseWarnings(headers: readonly string[]): string[] {
  return headers.flatMap((header) => [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replaceAll(/\\(.)/g, "$1")));
}
