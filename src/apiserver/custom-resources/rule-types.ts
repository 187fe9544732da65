// Behaviour: k8s.io/apiserver/pkg/cel/common/schemas.go and values.go: schemas as types of expressions, objects as their values.
import type { Environment } from "../../api/cel/environment.ts";
import { durationOf } from "../../api/cel/durations.ts";
import { celEqual } from "../../api/cel/values.ts";
import { additionalOf, isIntOrString, isObject, itemsOf, META_FIELDS, type Schema } from "./structural-schema.ts";
import { parseDuration } from "../../util/duration.ts";

/** The type of a schema's values, and how a JSON value becomes one. */
export interface RuleType {
  readonly name: string;
  toValue(value: unknown): unknown;
}

const KEYWORDS = new Set([
  "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
  "return", "var", "void", "while",
]);

/** A field's name as expressions write it; undefined when they cannot. */
export function escapeName(name: string): string | undefined {
  if (KEYWORDS.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return undefined;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll("-", "__dash__").replaceAll("/", "__slash__");
}

/** Makes the types of a schema known to an environment. */
export class RuleTypes {
  private readonly environment: Environment;
  private count = 0;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** The type of a schema's values; `isResource`: they have apiVersion, kind and metadata. */
  typeOf(schema: Schema, isResource = schema["x-kubernetes-embedded-resource"] === true): RuleType {
    if (isIntOrString(schema)) return DYNAMIC;
    const type = this.plainType(schema, isResource);
    return schema.nullable && type.name !== "dyn" ? { name: "dyn", toValue: (value) => type.toValue(value) } : type;
  }

  private plainType(schema: Schema, isResource: boolean): RuleType {
    switch (schema.type) {
      case "integer":
        return { name: "int", toValue: (value) => (Number.isInteger(value) ? BigInt(value as number) : dynamicValue(value)) };
      case "number":
        return { name: "double", toValue: (value) => value };
      case "boolean":
        return { name: "bool", toValue: (value) => value };
      case "string":
        return textType(schema.format);
      case "array":
        return this.listType(schema);
      case "object":
        return this.objectType(schema, isResource);
      default:
        return DYNAMIC;
    }
  }

  private listType(schema: Schema): RuleType {
    const items = itemsOf(schema);
    const element = items === undefined ? DYNAMIC : this.typeOf(items);
    return { name: `list<${element.name}>`, toValue: (value) => (Array.isArray(value) ? value.map((item) => nullOr(item, element)) : dynamicValue(value)) };
  }

  private objectType(schema: Schema, isResource: boolean): RuleType {
    const additional = additionalOf(schema);
    if (schema.properties === undefined && !isResource && additional !== undefined) {
      const element = this.typeOf(additional);
      return {
        name: `map<string, ${element.name}>`,
        toValue: (value) => (isObject(value) ? new Map(Object.entries(value).map(([key, item]) => [key, nullOr(item, element)])) : dynamicValue(value)),
      };
    }
    if (schema.properties === undefined && !isResource && schema.additionalProperties === true) return DYNAMIC;
    return this.structType(isResource ? withMetadata(schema) : schema);
  }

  private structType(schema: Schema): RuleType {
    const name = `object.T${++this.count}`;
    const fields = new Map<string, { escaped: string; type: RuleType }>();
    for (const [property, of] of Object.entries(schema.properties ?? {})) {
      const escaped = escapeName(property);
      if (escaped !== undefined) fields.set(property, { escaped, type: this.typeOf(of) });
    }
    const Struct = class {
      readonly [field: string]: unknown;
    };
    this.environment.registerType(name, { ctor: Struct, fields: Object.fromEntries([...fields.values()].map(({ escaped, type }) => [escaped, type.name])) });
    this.environment.registerOperator(`${name} == ${name}`, celEqual);
    return {
      name,
      toValue(value) {
        if (!isObject(value)) return dynamicValue(value);
        const struct: Record<string, unknown> = new Struct() as Record<string, unknown>;
        for (const [property, { escaped, type }] of fields) if (value[property] !== undefined) struct[escaped] = nullOr(value[property], type);
        return struct;
      },
    };
  }
}

const DYNAMIC: RuleType = { name: "dyn", toValue: dynamicValue };

function nullOr(value: unknown, type: RuleType): unknown {
  return value === null ? null : type.toValue(value);
}

/** A value of which no schema is known. */
function dynamicValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(dynamicValue);
  if (isObject(value)) return new Map(Object.entries(value).map(([key, item]) => [key, dynamicValue(item)]));
  return value;
}

function textType(format: string | undefined): RuleType {
  switch (format) {
    case "date":
    case "date-time":
      return { name: "google.protobuf.Timestamp", toValue: (value) => (typeof value === "string" ? new Date(value) : value) };
    case "duration":
      return { name: "google.protobuf.Duration", toValue: (value) => (typeof value === "string" ? durationOf(parseDuration(value) ?? 0) : value) };
    case "byte":
      return { name: "bytes", toValue: (value) => (typeof value === "string" ? Buffer.from(value, "base64") : value) };
    default:
      return { name: "string", toValue: (value) => value };
  }
}

function withMetadata(schema: Schema): Schema {
  const text: Schema = { type: "string" };
  const own = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !META_FIELDS.has(name)));
  return { ...schema, type: "object", properties: { ...own, apiVersion: text, kind: text, metadata: { type: "object", properties: { name: text, generateName: text } } } };
}
