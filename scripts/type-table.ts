// Reads src/api/tables/types.txt and enums.txt, the project's own record of the facts that the generated models lack.

/** One field of a type, as its line in the table says. */
export interface TypeTableField {
  name: string;
  /** Protobuf field number. */
  number: number;
  /** A primitive or a type's name, without the list or map around it. */
  type: string;
  list?: true;
  map?: true;
  inline?: true;
  /** Go writes the field even when it is zero. */
  always?: true;
  /** Go holds a pointer: zero and absent differ. */
  pointer?: true;
  listType?: "atomic" | "set" | "map";
  listMapKeys?: string[];
  structType?: "atomic" | "granular";
  patchStrategy?: string[];
  patchMergeKey?: string;
  default?: unknown;
  enum?: string;
}

/** One type: its fields in the order in which they are written as JSON. */
export interface TypeTableType {
  structType?: "atomic";
  /** Its objects carry apiVersion and kind. */
  kind?: true;
  fields: TypeTableField[];
}

/** The whole table. */
export interface TypeTable {
  types: Map<string, TypeTableType>;
  enums: Map<string, string[]>;
}

/** Parses the two tables; throws an Error that names the line that is wrong. */
export function parseTypeTable(typesText: string, enumsText: string): TypeTable {
  const types = new Map<string, TypeTableType>();
  let current: TypeTableType | undefined;
  for (const [index, line] of typesText.split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const section = /^\[([\w.]+)\]( struct=atomic)?( kind)?$/.exec(line);
    if (section?.[1] !== undefined) {
      current = { ...(section[2] && { structType: "atomic" }), ...(section[3] && { kind: true }), fields: [] };
      types.set(section[1], current);
    } else if (current === undefined) throw new Error(`types.txt:${index + 1}: a field before the first type`);
    else current.fields.push(parseField(line, index + 1));
  }
  const enums = new Map<string, string[]>();
  for (const line of enumsText.split("\n")) {
    const [name, values] = line.split(" ");
    if (name !== undefined && values !== undefined && name !== "#") enums.set(name, values.split("|"));
  }
  return { types, enums };
}

function parseField(line: string, lineNumber: number): TypeTableField {
  const [name, number, wholeType, ...facts] = line.split(" ");
  const type = /^(\[\]|map\[)?([\w.]+)\]?$/.exec(wholeType ?? "");
  if (name === undefined || type?.[2] === undefined) throw new Error(`types.txt:${lineNumber}: ${line}`);
  const field: TypeTableField = { name, number: Number(number), type: type[2] };
  if (type[1] === "[]") field.list = true;
  if (type[1] === "map[") field.map = true;
  for (const fact of facts) {
    const [key, value = ""] = splitOnce(fact, "=");
    if (key === "inline" || key === "always" || key === "pointer") field[key] = true;
    else if (key === "list") field.listType = value as TypeTableField["listType"];
    else if (key === "keys") field.listMapKeys = value.split(",");
    else if (key === "struct") field.structType = value as TypeTableField["structType"];
    else if (key === "merge" || key === "retainKeys" || key === "replace") field.patchStrategy = [...(field.patchStrategy ?? []), key];
    else if (key === "key") field.patchMergeKey = value;
    else if (key === "default") field.default = JSON.parse(value);
    else if (key === "enum") field.enum = value;
    else throw new Error(`types.txt:${lineNumber}: unknown fact ${fact}`);
  }
  return field;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
