// Behaviour: k8s.io/apiserver/pkg/cel/library/{regex,format}.go and cel-go's ext/strings.go.
import type { Environment } from "@marcbachmann/cel-js";
import { isDNS1035Label, isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidLabelValue } from "../../name-validation.ts";

const FORMATS: Readonly<Record<string, (text: string) => string[]>> = {
  dns1123Label: isDNS1123Label,
  dns1123Subdomain: isDNS1123Subdomain,
  dns1035Label: isDNS1035Label,
  dns1123LabelPrefix: (text) => isDNS1123Label(text.replace(/-$/, "a")),
  dns1123SubdomainPrefix: (text) => isDNS1123Subdomain(text.replace(/-$/, "a")),
  dns1035LabelPrefix: (text) => isDNS1035Label(text.replace(/-$/, "a")),
  qualifiedName: isQualifiedName,
  labelValue: isValidLabelValue,
  uri: (text) => (URL.canParse(text) || text.startsWith("/") ? [] : ["invalid URI"]),
  uuid: matching(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, "does not match the UUID format"),
  byte: matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "invalid base64"),
  date: matching(/^\d{4}-\d{2}-\d{2}$/, "invalid date"),
  datetime: (text) => (/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text)) ? [] : ["invalid datetime"]),
};

/** One of format's named formats. */
class NamedFormat {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Registers find, findAll, replace, charAt, reverse, quote, format and the named formats. */
export function registerTexts(environment: Environment): void {
  environment
    .registerFunction("string.find(string): string", (text: string, pattern: string) => regex(pattern).exec(text)?.[0] ?? "")
    .registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) => findAll(text, pattern, -1))
    .registerFunction("string.findAll(string, int): list<string>", (text: string, pattern: string, limit: bigint) => findAll(text, pattern, Number(limit)))
    .registerFunction("string.charAt(int): string", charAt)
    .registerFunction("string.replace(string, string): string", (text: string, old: string, next: string) => replaceTimes(text, old, next, -1))
    .registerFunction("string.replace(string, string, int): string", (text: string, old: string, next: string, times: bigint) => replaceTimes(text, old, next, Number(times)))
    .registerFunction("string.reverse(): string", (text: string) => [...text].reverse().join(""))
    .registerFunction("string.format(list): string", (text: string, values: readonly unknown[]) => formatText(text, values));
  class Strings {
    readonly namespace = "strings";
  }
  environment.registerType("StringsNamespace", Strings).registerConstant("strings", "StringsNamespace", new Strings());
  environment.registerFunction("StringsNamespace.quote(string): string", (_: unknown, text: string) => JSON.stringify(text));
  class Formats {
    readonly namespace = "format";
  }
  environment.registerType("FormatNamespace", Formats).registerConstant("format", "FormatNamespace", new Formats());
  environment.registerType("kubernetes.NamedFormat", NamedFormat);
  for (const name of Object.keys(FORMATS)) environment.registerFunction(`FormatNamespace.${name}(): kubernetes.NamedFormat`, () => new NamedFormat(name));
  environment
    .registerFunction("FormatNamespace.named(string): optional", (_: unknown, name: string) => (name in FORMATS ? new NamedFormat(name) : undefined))
    .registerFunction("kubernetes.NamedFormat.validate(string): optional<list<string>>", (format: NamedFormat, text: string) => problems(format, text));
  function problems(format: NamedFormat, text: string): unknown {
    const found = FORMATS[format.name]?.(text) ?? [];
    return environment.evaluate(found.length === 0 ? "optional.none()" : `optional.of(${JSON.stringify(found)})`);
  }
}

function matching(pattern: RegExp, message: string): (text: string) => string[] {
  return (text) => (pattern.test(text) ? [] : [message]);
}

function regex(pattern: string, flags = ""): RegExp {
  return new RegExp(pattern.replace(/\(\?P</g, "(?<").replace(/^\(\?i\)/, ""), `${flags}${pattern.startsWith("(?i)") ? "i" : ""}`);
}

function findAll(text: string, pattern: string, limit: number): string[] {
  const found = [...text.matchAll(regex(pattern, "g"))].map(([match]) => match);
  return limit < 0 ? found : found.slice(0, limit);
}

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw new Error(`index out of range: ${index}`);
  return characters[Number(index)] ?? "";
}

function replaceTimes(text: string, old: string, next: string, times: number): string {
  const parts = text.split(old);
  if (times < 0 || times >= parts.length - 1) return parts.join(next);
  return [parts.slice(0, times + 1).join(next), ...parts.slice(times + 1)].join(old);
}

function formatText(text: string, values: readonly unknown[]): string {
  let index = 0;
  return text.replace(/%(?:%|(?:\.(\d+))?([sdfebxXo]))/g, (whole, precision: string | undefined, verb: string | undefined) => {
    if (whole === "%%") return "%";
    if (index >= values.length) throw new Error(`index ${index} out of range`);
    const value = values[index++];
    if (verb === "s" || verb === "d") return textOf(value);
    if (verb === "f") return Number(value).toFixed(precision === undefined ? 6 : Number(precision));
    if (verb === "e") return Number(value).toExponential(precision === undefined ? 6 : Number(precision)).replace(/e([+-])(\d)$/, "e$10$2");
    const based = BigInt(value as bigint).toString(verb === "b" ? 2 : verb === "o" ? 8 : 16);
    return verb === "X" ? based.toUpperCase() : based;
  });
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, "Z");
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${textOf(key)}: ${textOf(item)}`).sort().join(", ")}}`;
  return String(value);
}
