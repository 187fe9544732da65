// Behaviour: sigs.k8s.io/yaml and k8s.io/apimachinery/pkg/util/yaml (YAMLOrJSONDecoder): text to objects, documents split at "---".
import { type Document, LineCounter, type YAMLParseError, parseAllDocuments } from "yaml";
import { kubernetesTags } from "../api/yaml-tags.ts";
import { CommandError } from "./errors.ts";

/** The values of the documents in a text of YAML or JSON; empty ones left out. Throws CommandError naming source, line and column. */
export function readDocuments(text: string, source: string): unknown[] {
  const trimmed = text.trimStart();
  if (trimmed.startsWith("{")) {
    try {
      return [JSON.parse(text)];
    } catch {
      // Several JSON objects in a row, or YAML's flow style: read below.
    }
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    customTags: kubernetesTags,
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
    maxAliasCount: 10_000,
  } as Parameters<typeof parseAllDocuments>[1]);
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => valueOf(document, lines, source)).filter((value) => value !== null && value !== undefined);
}

function valueOf(document: Document.Parsed, lines: LineCounter, source: string): unknown {
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new CommandError(`error parsing ${source}: error converting YAML to JSON: yaml: line ${line}: ${wordsOf(problem)} (column ${col})`);
  }
  return document.toJS({ maxAliasCount: 10_000 });
}

/** go-yaml's words for the mistakes that are made most. */
function wordsOf({ code, message }: YAMLParseError): string {
  if (code === "BAD_INDENT" || code === "MISSING_CHAR") {
    if (message.startsWith("Flow sequence")) return "did not find expected ',' or ']'";
    return message.startsWith("Flow map") ? "did not find expected ',' or '}'" : "did not find expected key";
  }
  if (code === "TAB_AS_INDENT") return "found a tab character that violates indentation";
  if (code === "BLOCK_AS_IMPLICIT_KEY" || code === "MULTILINE_IMPLICIT_KEY") return "mapping values are not allowed in this context";
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}
