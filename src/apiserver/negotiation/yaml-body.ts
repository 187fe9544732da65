// Behaviour: sigs.k8s.io/yaml: YAML 1.1's booleans and octal numbers, duplicate keys reported apart.
import { LineCounter, parseDocument, visit } from "yaml";
import { duplicateKeys, JSONSyntaxError, parseJSON } from "../../api/json-syntax.ts";
import { kubernetesTags } from "../../api/yaml-tags.ts";

/** A body that is not YAML; the message begins as go-yaml's does. */
export class YamlSyntaxError extends Error {
  override readonly name = "YamlSyntaxError";
}

/** Nodes that aliases may stand for: more is a bomb. */
const MAX_ALIASES = 1000;
const MAX_FLOW_DEPTH = 500;

/** Parses one document; throws a YamlSyntaxError. `duplicates`: messages of keys that stand twice. */
export function parseYaml(text: string): { value: unknown; duplicates: string[] } {
  return parseAsJson(text) ?? parseDocumentOf(text);
}

/** JSON is YAML, and read much faster as what it is; undefined when the text is not JSON, or has keys to complain of. */
function parseAsJson(text: string): { value: unknown; duplicates: string[] } | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = parseJSON(text);
    return duplicateKeys(text, value).length === 0 ? { value, duplicates: [] } : undefined;
  } catch (error) {
    if (error instanceof JSONSyntaxError) return undefined;
    throw error;
  }
}

function parseDocumentOf(text: string): { value: unknown; duplicates: string[] } {
  if (flowDepth(text) > MAX_FLOW_DEPTH) throw new YamlSyntaxError("yaml: exceeded max depth of 10000");
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, customTags: kubernetesTags, merge: true, prettyErrors: false, logLevel: "silent" });
    const duplicates: string[] = [];
    for (const error of document.errors) {
      const line = lines.linePos(error.pos[0]).line;
      if (error.code === "DUPLICATE_KEY") duplicates.push(`line ${line}: key ${JSON.stringify(keyAt(text, error.pos))} already set in map`);
      else if (error.code !== "MULTIPLE_DOCS") throw new YamlSyntaxError(`yaml: line ${line}: ${error.message}`);
    }
    visit(document, {
      Alias(_key, alias, path) {
        const anchored = alias.resolve(document);
        if (anchored !== undefined && path.includes(anchored)) throw new YamlSyntaxError(`yaml: anchor '${alias.source}' value contains itself`);
      },
    });
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, duplicates };
  } catch (error) {
    if (error instanceof YamlSyntaxError) throw error;
    if (error instanceof RangeError) throw new YamlSyntaxError("yaml: exceeded max depth of 10000");
    throw new YamlSyntaxError(error instanceof ReferenceError ? "yaml: document contains excessive aliasing" : `yaml: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function keyAt(text: string, position: readonly [number, number]): string {
  return /^["']?([^"':\n]*)/.exec(text.slice(position[0]))?.[1]?.trim() ?? "";
}

/** How deep brackets open, counting none that close in strings: an upper bound is all that is needed. */
function flowDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 91 || code === 123) deepest = Math.max(deepest, ++depth);
    else if ((code === 93 || code === 125) && depth > 0) depth--;
  }
  return deepest;
}
