// Behaviour: k8s.io/apiserver/pkg/cel/library/urls.go.
import type { Environment } from "@marcbachmann/cel-js";

/** Registers url, isURL and the parts of URLs. */
export function registerUrls(environment: Environment): void {
  environment
    .registerType("kubernetes.URL", ParsedUrl)
    .registerFunction("url(string): kubernetes.URL", (text: string) => new ParsedUrl(text))
    .registerFunction("isURL(string): bool", (text: string) => isUrl(text))
    .registerFunction("kubernetes.URL.getScheme(): string", ({ url }: ParsedUrl) => url?.protocol.slice(0, -1) ?? "")
    .registerFunction("kubernetes.URL.getHost(): string", ({ url }: ParsedUrl) => url?.host ?? "")
    .registerFunction("kubernetes.URL.getHostname(): string", ({ url }: ParsedUrl) => url?.hostname.replace(/^\[|\]$/g, "") ?? "")
    .registerFunction("kubernetes.URL.getPort(): string", ({ text, url }: ParsedUrl) => /^[^/]*\/\/[^/]*:(\d+)(?:[/?#]|$)/.exec(text)?.[1] ?? url?.port ?? "")
    .registerFunction("kubernetes.URL.getEscapedPath(): string", ({ text }: ParsedUrl) => /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)/i.exec(text)?.[1] ?? "")
    .registerFunction("kubernetes.URL.getQuery(): map<string, list<string>>", queryOf);
}

class ParsedUrl {
  readonly text: string;
  /** Undefined for a path alone. */
  readonly url: URL | undefined;

  constructor(text: string) {
    if (!isUrl(text)) throw new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
    this.text = text;
    this.url = text.startsWith("/") ? undefined : new URL(text);
  }
}

function isUrl(text: string): boolean {
  return text.startsWith("/") ? !/[\s\p{Cc}]/u.test(text) : /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text);
}

function queryOf({ text }: ParsedUrl): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(/\?([^#]*)/.exec(text)?.[1] ?? "")) query.set(name, [...(query.get(name) ?? []), value]);
  return query;
}
