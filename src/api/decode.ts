// Turns parsed JSON into an object of a built-in type, exactly as a round trip through the Go type would: wrong types are
// errors, unknown fields go, zero values are dropped or written as Go does.
// Behaviour: sigs.k8s.io/json over k8s.io/api's types.
import { Base64Error, jsonKind, scalarDecoders, TypeMismatch } from "./decode-scalars.ts";
import { type JsonObject, isJsonObject, setField } from "./patch/json-value.ts";
import { QuantityError } from "./quantity.ts";
import { type FieldSchema, type TypeSchema, typeSchema } from "./schema.ts";
import { TimeError } from "./time-format.ts";

/** The value does not fit the type; the message is Go's, e.g. "json: cannot unmarshal string into Go struct field ...". */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** What came of a decoding. */
export interface Decoded<T> {
  readonly object: T;
  /** In the order of the input: `unknown field "spec.foo"`. Empty unless they were asked for. */
  readonly unknownFields: readonly string[];
}

/**
 * Decodes a value (of JSON.parse) as the type of that name, e.g. "apps.v1.Deployment". The input is not changed; what the
 * schema knows nothing of (RawExtension, managed fields) is shared with it. null decodes as {}. Throws a DecodeError.
 */
export function decodeTyped<T = Record<string, unknown>>(typeName: string, value: unknown, options: { collectUnknownFields?: boolean } = {}): Decoded<T> {
  const decoder = structDecoder(typeName);
  const state: State = { unknown: false, depth: 0 };
  let object: unknown;
  try {
    object = decoder.decode(value ?? {}, state);
  } catch (error) {
    if (error instanceof TypeMismatch) throw new DecodeError(error.describe());
    if (error instanceof QuantityError || error instanceof TimeError || error instanceof Base64Error) throw new DecodeError(error.message);
    throw error;
  }
  const unknownFields: string[] = [];
  if (state.unknown && options.collectUnknownFields) collectUnknownFields(decoder.schema, value, "", unknownFields);
  return { object: object as T, unknownFields };
}

/** Whether a path leads through fields that the type knows: what stands below unknown fields is not looked at. */
export function isKnownPath(typeName: string, path: readonly (string | number)[]): boolean {
  const schema = typeSchema(typeName);
  return schema !== undefined && isKnownStep({ shape: "struct", struct: schema, element: undefined }, path);
}

/** An always-written list that is empty is null on the wire, as Go writes a nil slice; in memory it is a list. */
class NilSlice extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  toJSON(): unknown[] | null {
    return this.length === 0 ? null : [...this];
  }
}

/** A deep copy of a decoded object, in which lists that nobody set stay so: structuredClone makes empty ones of them. */
export function cloneDecoded<T>(value: T): T {
  if (value instanceof NilSlice && value.length === 0) return new NilSlice() as T;
  if (Array.isArray(value)) return value.map(cloneDecoded) as T;
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const [name, field] of Object.entries(value)) setField(copy, name, cloneDecoded(field));
  return copy as T;
}

/** A list that nobody set, of a struct that decoding did not make. */
export function unsetList<T>(): T[] {
  return new NilSlice() as T[];
}

interface State {
  /** Whether some struct had a field that its type does not know. */
  unknown: boolean;
  depth: number;
}

type Decode = (value: unknown, state: State) => unknown;

interface FieldPlan {
  readonly name: string;
  readonly decode: Decode;
  /** What stands for a field that is absent or null; undefined when nothing is written. */
  readonly absent: (() => unknown) | undefined;
  /** Whether "", 0, false, [] and {} are as good as absent. */
  readonly omitEmpty: boolean;
}

const MAX_DEPTH = 500;
const decoders = new Map<string, StructDecoder>();

function structDecoder(typeName: string): StructDecoder {
  let decoder = decoders.get(typeName);
  if (decoder === undefined) {
    const schema = typeSchema(typeName);
    if (schema === undefined) throw new Error(`no type ${typeName} in the schema`);
    decoder = new StructDecoder(schema);
    decoders.set(typeName, decoder);
  }
  return decoder;
}

/** Decodes one struct type. */
class StructDecoder {
  readonly schema: TypeSchema;
  readonly decode: Decode;
  private readonly goName: string;
  private plans: readonly FieldPlan[] | undefined;

  constructor(schema: TypeSchema) {
    this.schema = schema;
    this.goName = schema.name.slice(schema.name.lastIndexOf(".") + 1);
    this.decode = (value, state) => this.decodeStruct(value, state);
  }

  private decodeStruct(value: unknown, state: State): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeMismatch(jsonKind(value), goTypeName(this.schema.name));
    if (++state.depth > MAX_DEPTH) throw new DecodeError("exceeded max depth");
    this.plans ??= [...this.schema.fields.values()].map(fieldPlan);
    const input = value as Record<string, unknown>;
    const object: Record<string, unknown> = {};
    let met = this.schema.kind ? this.decodeKind(input, object) : 0;
    for (const plan of this.plans) {
      const given = input[plan.name];
      if (given !== undefined) met++;
      const decoded = given === undefined || given === null ? undefined : this.decodeField(plan, given, state);
      if (decoded !== undefined && !(plan.omitEmpty && isEmpty(decoded))) object[plan.name] = decoded;
      else if (plan.absent !== undefined) object[plan.name] = plan.absent();
    }
    if (!state.unknown) for (const key in input) if (input[key] !== undefined && met-- === 0) state.unknown = true;
    state.depth--;
    return object;
  }

  private decodeField(plan: FieldPlan, value: unknown, state: State): unknown {
    try {
      return plan.decode(value, state);
    } catch (error) {
      if (error instanceof TypeMismatch) {
        error.path.unshift(plan.name);
        if (error.struct === "") error.struct = this.goName;
      }
      throw error;
    }
  }

  /** Copies kind and apiVersion; answers how many of them there were. */
  private decodeKind(input: Record<string, unknown>, object: Record<string, unknown>): number {
    let met = 0;
    for (const name of ["kind", "apiVersion"]) {
      const value = input[name];
      if (value !== undefined) met++;
      if (value === undefined || value === null || value === "") continue;
      if (typeof value !== "string") {
        const mismatch = new TypeMismatch(jsonKind(value), "string");
        mismatch.path.push(name);
        mismatch.struct = this.goName;
        throw mismatch;
      }
      object[name] = value;
    }
    return met;
  }
}

function fieldPlan(field: FieldSchema): FieldPlan {
  const decode = valueDecoder(field);
  const keepsEmpty = field.pointer || field.shape === "struct" || field.shape === "any" || (field.always && field.shape !== "list");
  return { name: field.name, decode, absent: absentValue(field, decode), omitEmpty: !keepsEmpty };
}

function absentValue(field: FieldSchema, decode: Decode): (() => unknown) | undefined {
  if (!field.always) return undefined;
  if (field.pointer) return field.required ? undefined : () => null;
  if (field.shape === "struct") return () => decode({}, { unknown: true, depth: 0 });
  if (field.shape === "list") return () => new NilSlice();
  if (field.shape !== "scalar" || field.type === "meta.v1.Time" || field.type === "meta.v1.MicroTime") return () => null;
  if (field.type === "Quantity") return () => "0";
  const zero = field.type === "bool" ? false : field.type === "string" || field.type === "bytes" ? "" : 0;
  return () => zero;
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === "" || value === 0 || value === false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

function valueDecoder(field: FieldSchema): Decode {
  if (field.shape === "list" && field.element) return listDecoder(field.element);
  if (field.shape === "map" && field.element) return mapDecoder(field.element);
  if (field.shape === "struct") {
    let decoder: StructDecoder | undefined;
    return (value, state) => (decoder ??= structDecoder(field.type)).decode(value, state);
  }
  return unionDecoders[field.type] ?? scalarDecoders[field.type] ?? ((value) => value);
}

function listDecoder(element: FieldSchema): Decode {
  const decode = valueDecoder(element);
  return (value, state) => {
    if (!Array.isArray(value)) throw new TypeMismatch(jsonKind(value), `[]${goElementName(element)}`);
    return value.map((item: unknown) => (item === null ? zeroElement(element, decode, state) : decode(item, state)));
  };
}

function mapDecoder(element: FieldSchema): Decode {
  const decode = valueDecoder(element);
  return (value, state) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeMismatch(jsonKind(value), `map[string]${goElementName(element)}`);
    const input = value as Record<string, unknown>;
    const map: Record<string, unknown> = {};
    for (const key of Object.keys(input).sort()) {
      const item = input[key];
      const decoded = item === null ? zeroElement(element, decode, state) : decode(item, state);
      if (key === "__proto__") Object.defineProperty(map, key, { value: decoded, enumerable: true, configurable: true, writable: true });
      else map[key] = decoded;
    }
    return map;
  };
}

/** What null in a list or map stands for. */
function zeroElement(element: FieldSchema, decode: Decode, state: State): unknown {
  if (element.shape === "struct") return decode({}, state);
  if (element.shape !== "scalar" || element.type === "meta.v1.Time" || element.type === "meta.v1.MicroTime") return null;
  if (element.type === "Quantity") return "0";
  return element.type === "bool" ? false : element.type === "string" || element.type === "bytes" ? "" : 0;
}

/** Types that are one of two forms, and are looked into whichever it is. */
const unionDecoders: Readonly<Record<string, Decode>> = {
  "apiextensions.v1.JSONSchemaPropsOrArray": (value, state) => {
    if (!Array.isArray(value)) return typeof value === "object" ? jsonSchema(value, state) : undefined;
    return value.map((item) => jsonSchema(item ?? {}, state));
  },
  "apiextensions.v1.JSONSchemaPropsOrBool": (value, state) => {
    if (typeof value === "object") return jsonSchema(value, state);
    if (typeof value !== "boolean") throw new DecodeError("boolean or JSON schema expected");
    return value;
  },
  "apiextensions.v1.JSONSchemaPropsOrStringArray": (value, state) => {
    if (!Array.isArray(value)) return typeof value === "object" ? jsonSchema(value, state) : undefined;
    return value.map((item) => scalarDecoders["string"]?.(item));
  },
};

function jsonSchema(value: unknown, state: State): unknown {
  return structDecoder("apiextensions.v1.JSONSchemaProps").decode(value, state);
}

/** "core.v1.PodSpec" -> "v1.PodSpec", as Go's messages name types. */
function goTypeName(type: string): string {
  return type.slice(type.indexOf(".") + 1);
}

function goElementName(element: FieldSchema): string {
  const name = GO_SCALARS[element.type] ?? goTypeName(element.type);
  return element.shape === "list" && element.element ? `[]${goElementName(element.element)}` : name;
}

const GO_SCALARS: Readonly<Record<string, string>> = { double: "float64", bytes: "[]uint8", Quantity: "resource.Quantity", IntOrString: "intstr.IntOrString" };

/** Walks the input in its own order, as Go's decoder does, and notes the fields that the types do not know. */
function collectUnknownFields(schema: TypeSchema, value: unknown, path: string, found: string[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const field = schema.fields.get(key);
    const at = path === "" ? key : `${path}.${key}`;
    if (field !== undefined) collectInValue(field, item, at, found);
    else if (!schema.kind || (key !== "kind" && key !== "apiVersion")) found.push(`unknown field ${JSON.stringify(at)}`);
  }
}

function collectInValue(field: FieldSchema, value: unknown, path: string, found: string[]): void {
  const { element } = field;
  if (field.struct !== undefined) collectUnknownFields(field.struct, value, path, found);
  else if (element === undefined || element.shape === "scalar" || typeof value !== "object" || value === null) return;
  else if (Array.isArray(value)) value.forEach((item, index) => collectInValue(element, item, `${path}[${index}]`, found));
  else for (const [key, item] of Object.entries(value)) collectInValue(element, item, `${path}.${key}`, found);
}

function isKnownStep(field: Pick<FieldSchema, "shape" | "struct" | "element">, path: readonly (string | number)[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (field.struct !== undefined) {
    if (field.struct.kind && (step === "kind" || step === "apiVersion")) return true;
    const next = field.struct.fields.get(String(step));
    return next !== undefined && isKnownStep(next, rest);
  }
  return field.element !== undefined && isKnownStep(field.element, rest);
}
