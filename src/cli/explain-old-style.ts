// Behaviour: k8s.io/kubectl/pkg/explain (model_printer.go, formatter.go): -o plaintext-openapiv2.
import { CommandError } from "./errors.ts";
import type { ExplainRequest } from "./explain.ts";
import { type OpenApiDocument, type OpenApiSchema, resolveSchema, schemaOfKind } from "./openapi.ts";

const WRAP = 80;
const DESCRIPTION_INDENT = 5;
const FIELD_INDENT = 3;

/** A schema with the references on the way to it followed. */
interface Followed {
  readonly schema: OpenApiSchema;
  readonly descriptions: readonly string[];
  readonly references: readonly string[];
}

/** The explanation of a kind or of one of its fields, in the style of OpenAPI v2. */
export function explainOldStyle({ document, kind, fields, recursive }: ExplainRequest): string {
  const root = schemaOfKind(document, kind);
  const version = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  if (root === undefined) throw new CommandError(`couldn't find resource for "${version}, Kind=${kind.kind}"`);
  const target = fields.reduce((schema, field) => fieldOf(schema, field, document), root);
  const { schema, descriptions } = follow(target, document);
  const head = `KIND:     ${kind.kind}\nVERSION:  ${version}\n\n`;
  const description = `DESCRIPTION:\n${descriptionLines(descriptions)}`;
  const type = typeName(target, document);
  const name = fields.at(-1);
  if (schema.properties === undefined) return `${head}${name === undefined ? "" : `FIELD:    ${name} <${type}>\n\n`}${description}`;
  const list = recursive ? recursiveFields(schema, FIELD_INDENT, document, new Set()) : regularFields(schema, document);
  return `${head}${name === undefined ? "" : `RESOURCE: ${name} <${type}>\n\n`}${description}\nFIELDS:\n${list}`;
}

function fieldOf(schema: OpenApiSchema, field: string, document: OpenApiDocument): OpenApiSchema {
  const property = follow(schema, document).schema.properties?.[field];
  if (property === undefined) throw new CommandError(`field ${JSON.stringify(field)} does not exist`);
  return property;
}

/** Goes through references, lists and maps to what they are of. */
function follow(start: OpenApiSchema, document: OpenApiDocument): Followed {
  const descriptions: string[] = [];
  const references: string[] = [];
  let schema = start;
  for (;;) {
    if (schema.description) descriptions.push(schema.description);
    const [only] = schema.allOf ?? [];
    if (schema.$ref !== undefined) {
      references.push(schema.$ref);
      schema = resolveSchema(schema, document);
    } else if (only !== undefined && schema.properties === undefined) schema = only;
    else if (schema.items !== undefined) schema = schema.items;
    else if (typeof schema.additionalProperties === "object") schema = schema.additionalProperties;
    else return { schema, descriptions, references };
  }
}

function typeName(schema: OpenApiSchema, document: OpenApiDocument): string {
  const [only] = schema.allOf ?? [];
  if (schema.$ref !== undefined) return typeName(resolveSchema(schema, document), document);
  if (only !== undefined && schema.properties === undefined) return typeName(only, document);
  if (schema.items !== undefined) return `[]${typeName(schema.items, document)}`;
  if (typeof schema.additionalProperties === "object") return `map[string]${typeName(schema.additionalProperties, document)}`;
  if (schema.type === undefined) return schema.format === undefined && schema.oneOf === undefined ? "Object" : "string";
  if (schema.type !== "object") return schema.type;
  return schema.properties === undefined ? "map[string]" : "Object";
}

function regularFields(schema: OpenApiSchema, document: OpenApiDocument): string {
  return Object.keys(schema.properties ?? {}).sort().map((name) => {
    const property = schema.properties?.[name] ?? {};
    const lines = wrapped(property.description ?? "", FIELD_INDENT + 2);
    return `${" ".repeat(FIELD_INDENT)}${name}\t<${typeName(property, document)}>${schema.required?.includes(name) === true ? " -required-" : ""}\n${lines}\n`;
  }).join("");
}

function recursiveFields(schema: OpenApiSchema, indent: number, document: OpenApiDocument, seen: ReadonlySet<string>): string {
  return Object.keys(schema.properties ?? {}).sort().map((name) => {
    const property = schema.properties?.[name] ?? {};
    const { schema: inner, references } = follow(property, document);
    const line = `${" ".repeat(indent)}${name}\t<${typeName(property, document)}>\n`;
    if (references.some((reference) => seen.has(reference))) return line;
    return line + recursiveFields(inner, indent + FIELD_INDENT, document, new Set([...seen, ...references]));
  }).join("");
}

function descriptionLines(descriptions: readonly string[]): string {
  return (descriptions.length === 0 ? ["<empty>"] : descriptions).map((description) => wrapped(description, DESCRIPTION_INDENT)).join("\n");
}

/** Text broken into lines; code blocks, empty lines and bullets keep lines of their own. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) lines.push(words.join(" "));
    words = [];
  };
  for (const source of text.split("\n")) {
    if (source.startsWith("    ")) {
      flush();
      lines.push(source);
    } else if (lines.length > 0 && source.trim() === "") {
      flush();
      lines.push("");
    } else {
      if (words.at(-1)?.endsWith(":") === true || source.trim() === "" || /^(\d+\.?|-|\*)\s/.test(source.trim())) flush();
      for (const word of source.split(/\s+/).filter((part) => part !== "")) {
        if (words.length > 0 && [...words, word].join(" ").length > WRAP - indent) flush();
        words.push(word);
      }
    }
  }
  flush();
  return lines.map((line) => (line === "" ? "\n" : `${" ".repeat(indent)}${line}\n`)).join("");
}
