// A document in parts that are made one after the other: whole ones are too large to have in memory for one request.
import type { JsonSchema } from "./definitions.ts";

/** The parts of an OpenAPI document. */
export interface DocumentParts {
  /** Everything but the paths and the definitions. */
  readonly head: JsonSchema;
  paths(): Iterable<readonly [string, JsonSchema]>;
  definitions(): Iterable<readonly [string, JsonSchema]>;
  /** The members around the definitions: ["definitions"] or ["components", "schemas"]. */
  readonly definitionsAt: readonly string[];
}

/** The document as pieces of JSON text. */
export function* jsonPieces(parts: DocumentParts): Generator<string> {
  yield `${JSON.stringify(parts.head).slice(0, -1)},"paths":{`;
  yield* members(parts.paths());
  yield `},${parts.definitionsAt.map((name) => `${JSON.stringify(name)}:{`).join("")}`;
  yield* members(parts.definitions());
  yield "}".repeat(parts.definitionsAt.length + 1);
}

function* members(entries: Iterable<readonly [string, JsonSchema]>): Generator<string> {
  let separator = "";
  for (const [name, value] of entries) {
    yield `${separator}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    separator = ",";
  }
}
