// How Go reads one scalar of an API type from JSON, and writes it again.
// Behaviour: encoding/json; apimachinery's Quantity, Time, MicroTime, IntOrString.
import { parseQuantity } from "./quantity.ts";
import { normalizeMicroTime, normalizeTime } from "./time-format.ts";

/** A value of the wrong sort for its Go type: the struct that it stands in completes the message. */
export class TypeMismatch extends Error {
  override readonly name = "TypeMismatch";
  readonly value: string;
  readonly goType: string;
  /** Names from the root to the field; "" for steps that Go's message leaves out. */
  readonly path: string[] = [];
  /** The Go struct that the field belongs to; "" outside of any. */
  struct = "";

  constructor(value: string, goType: string) {
    super(`cannot unmarshal ${value} into ${goType}`);
    this.value = value;
    this.goType = goType;
  }

  /** Go's sentence. */
  describe(): string {
    if (this.struct === "") return `json: cannot unmarshal ${this.value} into Go value of type ${this.goType}`;
    return `json: cannot unmarshal ${this.value} into Go struct field ${this.struct}.${this.path.join(".")} of type ${this.goType}`;
  }
}

/** Text that is not base64; the message is Go's. */
export class Base64Error extends Error {
  override readonly name = "Base64Error";
}

/** Reads one scalar; throws a TypeMismatch, QuantityError, TimeError or Base64Error. Never sees null. */
export type ScalarDecoder = (value: unknown) => string | number | boolean;

/** What JSON calls a value, in Go's messages. */
export function jsonKind(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : Array.isArray(value) ? "array" : typeof value;
}

/** The reader of each scalar type of the schema. */
export const scalarDecoders: Readonly<Record<string, ScalarDecoder>> = {
  bool: decodeBool,
  string: decodeString,
  double: decodeDouble,
  int32: (value) => decodeInteger(value, "int32", 2 ** 31),
  int64: (value) => decodeInteger(value, "int64", 2 ** 63),
  bytes: decodeBytes,
  Quantity: decodeQuantity,
  IntOrString: (value) => (typeof value === "string" ? value : decodeInteger(value, "int32", 2 ** 31)),
  "meta.v1.Time": (value) => normalizeTime(decodeString(value)),
  "meta.v1.MicroTime": (value) => normalizeMicroTime(decodeString(value)),
  "meta.v1.Duration": decodeString,
};

function decodeBool(value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeMismatch(jsonKind(value), "bool");
  return value;
}

function decodeString(value: unknown): string {
  if (typeof value !== "string") throw new TypeMismatch(jsonKind(value), "string");
  return value;
}

function decodeDouble(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new TypeMismatch(jsonKind(value), "float64");
  return value;
}

function decodeInteger(value: unknown, goType: string, limit: number): number {
  if (typeof value !== "number") throw new TypeMismatch(jsonKind(value), goType);
  if (!Number.isInteger(value) || value >= limit || value < -limit) throw new TypeMismatch(`number ${value}`, goType);
  return value;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodeBytes(value: unknown): string {
  if (typeof value !== "string") throw new TypeMismatch(jsonKind(value), "[]uint8");
  if (BASE64.test(value)) return value;
  const compact = value.replaceAll(/[\r\n]/g, "");
  if (BASE64.test(compact)) return compact;
  throw new Base64Error(`illegal base64 data at input byte ${firstIllegalByte(value)}`);
}

/** Where Go's decoder stops: at the first foreign byte, at wrong padding, or at the last group that is too short. */
function firstIllegalByte(text: string): number {
  const bytes = Buffer.from(text, "utf8");
  let inGroup = 0;
  for (let index = 0; index < bytes.length; index++) {
    const character = String.fromCharCode(bytes[index] ?? 0);
    if (character === "\n" || character === "\r") continue;
    if (/[A-Za-z0-9+/]/.test(character)) {
      inGroup = (inGroup + 1) % 4;
      continue;
    }
    if (character !== "=" || inGroup < 2) return index;
    const padding = inGroup === 2 ? "==" : "=";
    const rest = bytes.subarray(index).toString("latin1").replaceAll(/[\r\n]/g, "");
    if (!rest.startsWith(padding)) return bytes.length;
    return index + padding.length;
  }
  return bytes.length - inGroup;
}

/** Quantities that were met before: the same few are written again and again. */
const canonicalQuantities = new Map<string, string>();
const MAX_CANONICAL_QUANTITIES = 1000;

function decodeQuantity(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return parseQuantity(JSON.stringify(value)).toString();
  const text = String(value).trim();
  const known = canonicalQuantities.get(text);
  if (known !== undefined) return known;
  const canonical = parseQuantity(text).toString();
  if (canonicalQuantities.size >= MAX_CANONICAL_QUANTITIES) canonicalQuantities.clear();
  if (text.length <= 32) canonicalQuantities.set(text, canonical);
  return canonical;
}
