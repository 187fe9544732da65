// The runtime schema of the API's built-in types: what decoding, patches, server-side apply and OpenAPI know of a field.
// Custom resources describe their own types in the same form.
import { schemaText } from "./generated/schema.ts";

/** What a value is: `any` is kept as it is, without a look inside. */
export type Shape = "scalar" | "struct" | "list" | "map" | "any";

/** Who may own a list: server-side apply merges by item (set), by key (map), or not at all (atomic). */
export type ListType = "atomic" | "set" | "map";

/**
 * One value's schema: a field's, or the elements' of a list or map.
 */
export interface FieldSchema {
  /** The name on the wire; "" for the elements of a list or map. */
  readonly name: string;
  /** Protobuf field number; 0 where there is none. */
  readonly number: number;
  readonly shape: Shape;
  /**
   * The type's name without the list or map around it. Of a scalar: bool, int32, int64, double, string, bytes, Quantity,
   * IntOrString, meta.v1.Time, meta.v1.MicroTime, meta.v1.Duration; of a struct: the name of its TypeSchema.
   */
  readonly type: string;
  /** The fields of a struct (undefined for any other shape). */
  readonly struct: TypeSchema | undefined;
  /** The elements of a list or a map (undefined for any other shape). */
  readonly element: FieldSchema | undefined;
  readonly listType?: ListType;
  readonly listMapKeys?: readonly string[];
  /** Of a struct or map: atomic ones are owned, and applied, as a whole. */
  readonly structType?: "atomic" | "granular";
  readonly patchStrategy?: readonly ("merge" | "retainKeys" | "replace")[];
  readonly patchMergeKey?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly required?: boolean;
  /** Go writes the field even when it is zero. */
  readonly always?: boolean;
  /** Go holds a pointer: zero and absent differ. */
  readonly pointer?: boolean;
  /** Custom resources: null is a value of its own. */
  readonly nullable?: boolean;
  /** Custom resources: a whole object with apiVersion, kind and metadata. */
  readonly embeddedResource?: boolean;
}

/** A struct's schema; the fields of inline structs stand in it like its own. */
export interface TypeSchema {
  /** "apps.v1.Deployment"; "" for the nameless structs of custom resources. */
  readonly name: string;
  /** Whether its objects carry apiVersion and kind, which are not among `fields`. */
  readonly kind: boolean;
  readonly structType?: "atomic" | "granular";
  /** By wire name, in the order in which they are written. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** Custom resources: fields that are not listed are kept. */
  readonly preserveUnknownFields?: boolean;
}

/** A field as the generated schema writes it. */
export interface TableField {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly list?: true;
  readonly map?: true;
  readonly inline?: true;
  readonly always?: true;
  readonly pointer?: true;
  readonly required?: true;
  readonly listType?: ListType;
  readonly listMapKeys?: readonly string[];
  readonly structType?: "atomic" | "granular";
  readonly patchStrategy?: readonly ("merge" | "retainKeys" | "replace")[];
  readonly patchMergeKey?: string;
  readonly default?: unknown;
  readonly enum?: string;
}

/** A type as the generated schema writes it: the messages of the wire, inline structs unmerged. */
export interface TableType {
  readonly structType?: "atomic";
  readonly kind?: true;
  readonly fields: readonly TableField[];
}

interface Table {
  readonly types: Readonly<Record<string, TableType>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

const SCALARS: ReadonlySet<string> = new Set([
  "bool", "int32", "int64", "double", "string", "bytes", "Quantity", "IntOrString", "meta.v1.Time", "meta.v1.MicroTime", "meta.v1.Duration",
]);

/** Types that are kept as they come: any JSON, or any of two forms. */
const ANY: ReadonlySet<string> = new Set([
  "runtime.RawExtension", "meta.v1.FieldsV1", "apiextensions.v1.JSON", "apiextensions.v1.JSONSchemaPropsOrArray",
  "apiextensions.v1.JSONSchemaPropsOrBool", "apiextensions.v1.JSONSchemaPropsOrStringArray",
]);

/** Messages that are nothing but a list of strings. */
const STRING_LISTS: ReadonlySet<string> = new Set([
  "meta.v1.Verbs", "authentication.v1.ExtraValue", "authorization.v1.ExtraValue", "certificates.v1.ExtraValue",
]);

let table: Table | undefined;
const schemas = new Map<string, TypeSchema>();

/** The schema of a built-in type by its name, e.g. "core.v1.Pod"; undefined when there is no such struct. */
export function typeSchema(name: string): TypeSchema | undefined {
  const known = schemas.get(name);
  if (known !== undefined) return known;
  const type = tableType(name);
  if (type === undefined || SCALARS.has(name) || ANY.has(name) || STRING_LISTS.has(name)) return undefined;
  const schema: TypeSchema = {
    name,
    kind: type.kind ?? false,
    ...(type.structType && { structType: type.structType }),
    fields: new Map(flattened(type).map((field) => [field.name, fieldSchema(field)])),
  };
  schemas.set(name, schema);
  return schema;
}

/** A type as it crosses the wire in protobuf; undefined when there is none of that name. */
export function tableType(name: string): TableType | undefined {
  return Object.hasOwn(loadTable().types, name) ? loadTable().types[name] : undefined;
}

/** The names of all types in the table. */
export function typeNames(): string[] {
  return Object.keys(loadTable().types);
}

function loadTable(): Table {
  table ??= JSON.parse(schemaText) as Table;
  return table;
}

/** A type's fields, with those of its inline structs in their place. */
function flattened(type: TableType): TableField[] {
  return type.fields.flatMap((field) => (field.inline ? flattened(tableType(field.type) ?? { fields: [] }) : [field]));
}

function fieldSchema(field: TableField): FieldSchema {
  const { name, number, type, list, map, inline: _, enum: enumName, ...facts } = field;
  const values = enumName === undefined ? undefined : loadTable().enums[enumName];
  const single = singleSchema(type, values);
  if (!list && !map) return new LazySchema(name, number, single.shape, type, single.element, { ...facts, ...(values && { enum: values }) });
  return new LazySchema(name, number, list ? "list" : "map", type, single, facts);
}

/** The schema of one value of a type, without a field's facts. */
function singleSchema(type: string, values: readonly string[] | undefined): FieldSchema {
  if (STRING_LISTS.has(type)) return new LazySchema("", 0, "list", type, new LazySchema("", 0, "scalar", "string", undefined, {}), { listType: "atomic" });
  const shape = SCALARS.has(type) ? "scalar" : ANY.has(type) ? "any" : "struct";
  return new LazySchema("", 0, shape, type, undefined, values === undefined ? {} : { enum: values });
}

type Facts = Pick<
  FieldSchema,
  "listType" | "listMapKeys" | "structType" | "patchStrategy" | "patchMergeKey" | "default" | "enum" | "required" | "always" | "pointer"
>;

/** Finds its struct when it is asked for: types hold one another in circles. */
class LazySchema implements FieldSchema {
  readonly name: string;
  readonly number: number;
  readonly shape: Shape;
  readonly type: string;
  readonly element: FieldSchema | undefined;
  declare readonly listType?: ListType;
  declare readonly listMapKeys?: readonly string[];
  declare readonly structType?: "atomic" | "granular";
  declare readonly patchStrategy?: readonly ("merge" | "retainKeys" | "replace")[];
  declare readonly patchMergeKey?: string;
  declare readonly default?: unknown;
  declare readonly enum?: readonly string[];
  declare readonly required?: boolean;
  declare readonly always?: boolean;
  declare readonly pointer?: boolean;

  constructor(name: string, number: number, shape: Shape, type: string, element: FieldSchema | undefined, facts: Facts) {
    this.name = name;
    this.number = number;
    this.shape = shape;
    this.type = type;
    this.element = element;
    Object.assign(this, facts);
  }

  get struct(): TypeSchema | undefined {
    return this.shape === "struct" ? typeSchema(this.type) : undefined;
  }
}
