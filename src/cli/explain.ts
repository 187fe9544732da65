// Behaviour: k8s.io/kubectl/pkg/explain/v2 (the plaintext template): a schema as text.
import { CommandError, PrintError } from "./errors.ts";
import { type OpenApiDocument, type OpenApiKind, type OpenApiSchema, resolveSchema, schemaOfKind } from "./openapi.ts";
import { goText } from "./printers/go-values.ts";

/** How many values of an enumeration the list of fields shows. */
const SHOWN_VALUES = 4;

/** What is to be explained. */
export interface ExplainRequest {
  readonly document: OpenApiDocument;
  readonly kind: OpenApiKind;
  /** Names of fields, from the object inwards. */
  readonly fields: readonly string[];
  readonly recursive: boolean;
}

/** The explanation of a kind or of one of its fields. */
export function explain({ document, kind, fields, recursive }: ExplainRequest): string {
  const schema = schemaOfKind(document, kind);
  if (schema === undefined) throw new CommandError(`error: GVK ${goText(kind)} not found in OpenAPI schema`);
  const explainer = new Explainer(document, recursive);
  const text = explainer.output(schema, fields, new Set());
  const group = kind.group === "" ? "" : `GROUP:      ${kind.group}\n`;
  const head = `${group}KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n`;
  if (text === "") throw new PrintError(`error: field ${JSON.stringify(fields.at(-1))} does not exist`, head);
  return `${head}${text}\n`;
}

class Explainer {
  private readonly document: OpenApiDocument;
  private readonly recursive: boolean;

  constructor(document: OpenApiDocument, recursive: boolean) {
    this.document = document;
    this.recursive = recursive;
  }

  /** Follows the fields and explains what they lead to; nothing when they lead nowhere. */
  output(schema: OpenApiSchema, fields: readonly string[], seen: ReadonlySet<string>): string {
    const resolved = resolveSchema(schema, this.document);
    const [field, ...rest] = fields;
    if (field === undefined) return this.details(resolved);
    if (schema.$ref !== undefined && seen.has(schema.$ref)) return "";
    const next = schema.$ref === undefined ? seen : new Set([...seen, schema.$ref]);
    const property = resolved.properties?.[field];
    if (property !== undefined) {
      const title = rest.length > 0 ? "" : `FIELD: ${field} <${this.typeOf(property)}>\n${allValues(property)}\n\n`;
      return title + this.output(property, rest, new Set());
    }
    if (resolved.items !== undefined) return this.output(resolved.items, fields, next);
    if (typeof resolved.additionalProperties === "object") return this.output(resolved.additionalProperties, fields, next);
    for (const part of resolved.allOf ?? []) {
      const text = this.output(part, fields, next);
      if (text !== "") return text;
    }
    return "";
  }

  private details(schema: OpenApiSchema): string {
    const description = this.description(schema) || "<empty>";
    const list = this.fieldList(schema, 1, new Set());
    return `DESCRIPTION:\n${indent(4, wrap(76, description))}\n${externalDocs(schema, 0)}${list === "" ? "" : `FIELDS:\n${list}`}`;
  }

  private description(schema: OpenApiSchema): string {
    const resolved = resolveSchema(schema, this.document);
    const parts = [...(resolved.allOf ?? []), ...(resolved.items === undefined ? [] : [resolved.items]), ...(typeof resolved.additionalProperties === "object" ? [resolved.additionalProperties] : [])];
    return (resolved.description ? `${resolved.description}\n` : "") + parts.map((part) => this.description(part)).join("");
  }

  private fieldList(schema: OpenApiSchema, level: number, seen: ReadonlySet<string>): string {
    if (schema.$ref !== undefined && seen.has(schema.$ref)) return "";
    const next = schema.$ref === undefined ? seen : new Set([...seen, schema.$ref]);
    const resolved = resolveSchema(schema, this.document);
    const own = Object.keys(resolved.properties ?? {}).sort().map((name) => {
      const property = resolved.properties?.[name] ?? {};
      return this.fieldDetail(name, property, resolved.required?.includes(name) === true, level) + (this.recursive ? this.fieldList(property, level + 1, next) : "");
    });
    const parts = [...(resolved.allOf ?? []), ...(resolved.items === undefined ? [] : [resolved.items]), ...(typeof resolved.additionalProperties === "object" ? [resolved.additionalProperties] : [])];
    return own.join("") + parts.map((part) => this.fieldList(part, level, next)).join("");
  }

  private fieldDetail(name: string, schema: OpenApiSchema, required: boolean, level: number): string {
    const amount = level * 2;
    const head = `${" ".repeat(amount)}${name}\t<${this.typeOf(schema)}>${required ? " -required-" : ""}${someValues(schema, amount)}\n`;
    if (this.recursive) return head;
    return `${head}${indent(amount + 2, wrap(78 - amount, schema.description || "<no description>"))}\n${externalDocs(schema, amount + 2)}\n`;
  }

  private typeOf(schema: OpenApiSchema): string {
    if (schema.items !== undefined) return `[]${this.typeOf(schema.items)}`;
    if (typeof schema.additionalProperties === "object") return `map[string]${this.typeOf(schema.additionalProperties)}`;
    const [only, ...others] = schema.allOf ?? [];
    if (only !== undefined && others.length === 0 && schema.properties === undefined) return this.typeOf(only);
    if (schema.$ref === undefined) return schema.type === "object" ? "Object" : (schema.type ?? "Object");
    const resolved = resolveSchema(schema, this.document);
    if (resolved.type !== undefined && resolved.type !== "object") return resolved.type;
    return schema.$ref.split("/").at(-1)?.split(".").at(-1) || "Object";
  }
}

function externalDocs({ externalDocs }: OpenApiSchema, amount: number): string {
  if (externalDocs === undefined) return "";
  const { description, url } = externalDocs;
  const lines = [description === undefined ? "" : `${indent(amount + 4, wrap(76, description))}\n`, url === undefined ? "" : `${indent(amount + 4, `URL: ${url}`)}\n`];
  return `\n${indent(amount, "EXTERNAL DOCS:")}\n${lines.join("")}`;
}

function valueText(value: unknown): string {
  return value === "" ? '""' : goText(value);
}

function allValues({ enum: values }: OpenApiSchema): string {
  return values === undefined || values.length === 0 ? "" : `ENUM:${values.map((value) => `\n    ${valueText(value)}`).join("")}`;
}

function someValues({ enum: values }: OpenApiSchema, amount: number): string {
  if (values === undefined || values.length === 0) return "";
  return `\n${" ".repeat(amount)}enum: ${values.slice(0, SHOWN_VALUES).map(valueText).join(", ")}${values.length > SHOWN_VALUES ? ", ...." : ""}`;
}

function indent(amount: number, text: string): string {
  const pad = " ".repeat(amount);
  return pad + text.replaceAll("\n", `\n${pad}`);
}

/** Behaviour: github.com/mitchellh/go-wordwrap: breaks lines at spaces; words are never cut. */
export function wrap(width: number, text: string): string {
  let out = "";
  let current = 0;
  let word = "";
  let space = "";
  const flush = () => {
    current += space.length + word.length;
    out += space + word;
    space = "";
    word = "";
  };
  for (const character of text) {
    if (character === "\n") {
      if (word === "" && current + space.length > width) space = "";
      flush();
      out += character;
      current = 0;
    } else if (/\s/.test(character) && character !== "\u00a0") {
      if (space === "" || word !== "") flush();
      space += character;
    } else {
      word += character;
      if (current + word.length + space.length > width && word.length < width) {
        out += "\n";
        current = 0;
        space = "";
      }
    }
  }
  if (word !== "" || current + space.length <= width) flush();
  return out;
}
