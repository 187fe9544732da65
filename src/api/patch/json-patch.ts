// Behaviour: RFC 6902 as evanphx/json-patch v4 applies it, and apiserver/pkg/endpoints/handlers/patch.go around it.
import { jsonKind } from "../decode-scalars.ts";
import { badRequest, requestEntityTooLarge, StatusError } from "../errors.ts";
import { cloneJson, isJsonObject, jsonEquals, ownField, setField, type JsonObject } from "./json-value.ts";
import { unprocessablePatch } from "./patch-errors.ts";

/** One operation, its fields as they came: what is wrong with them shows when it is applied. */
export type JsonPatchOperation = JsonObject;

/** Operations in the order in which they are applied. */
export type JsonPatch = readonly JsonPatchOperation[];

const MAX_OPERATIONS = 10_000;
const MAX_COPIED_BYTES = 3 * 1024 * 1024;
const OPERATION_FIELDS = ["op", "path", "from", "value"];

/**
 * Checks that a decoded body is a JSON patch.
 * @throws StatusError 400 when it is no list of operations, 413 when there are more than 10,000.
 */
export function decodeJsonPatch(body: unknown): JsonPatch {
  if (body === null) return [];
  if (!Array.isArray(body)) throw cannotDecode(body, "[]handlers.jsonPatchOp");
  for (const operation of body) {
    if (operation === null) continue;
    if (!isJsonObject(operation)) throw cannotDecode(operation, "handlers.jsonPatchOp");
    for (const field of ["op", "path", "from"]) {
      const value = operation[field];
      if (value !== undefined && value !== null && typeof value !== "string") {
        throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(value)} into Go struct field jsonPatchOp.${field} of type string`);
      }
    }
  }
  if (body.length > MAX_OPERATIONS) {
    throw requestEntityTooLarge(`The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${body.length}`);
  }
  return body.map((operation: JsonObject | null) => operation ?? {});
}

/** The messages on fields that no operation has: a warning, or an error with fieldValidation=Strict. */
export function unknownJsonPatchFields(patch: JsonPatch): string[] {
  return patch.flatMap((operation, index) =>
    Object.keys(operation)
      .filter((field) => !OPERATION_FIELDS.includes(field))
      .map((field) => `json patch unknown field "[${index}].${field}"`),
  );
}

/**
 * Applies a patch to a copy of `document`.
 * @throws StatusError 422 when an operation is unknown, does not fit the document, or tests false.
 */
export function applyJsonPatch(document: unknown, patch: JsonPatch): unknown {
  const root = { document: cloneJson(document), copiedBytes: 0 };
  for (const operation of patch) applyOperation(root, operation);
  return root.document;
}

interface Root {
  document: unknown;
  copiedBytes: number;
}

function applyOperation(root: Root, operation: JsonPatchOperation): void {
  const { op } = operation;
  if (op === "add") add(root, pathOf(operation, "path"), cloneJson(operation["value"] ?? null));
  else if (op === "remove") remove(root, pathOf(operation, "path"));
  else if (op === "replace") replace(root, pathOf(operation, "path"), cloneJson(operation["value"] ?? null));
  else if (op === "move") {
    const value = get(root, pathOf(operation, "from"));
    remove(root, pathOf(operation, "from"));
    add(root, pathOf(operation, "path"), value);
  } else if (op === "copy") copy(root, operation);
  else if (op === "test") test(root, pathOf(operation, "path"), operation["value"] ?? null);
  else throw unprocessablePatch();
}

function pathOf(operation: JsonPatchOperation, field: "path" | "from"): string {
  const path = operation[field];
  if (typeof path !== "string") throw unprocessablePatch();
  return path;
}

function add(root: Root, path: string, value: unknown): void {
  const { container, key } = find(root, path);
  if (!Array.isArray(container)) return setField(container, key, value);
  const index = key === "-" ? container.length : arrayIndex(key, container.length + 1);
  container.splice(index, 0, value);
}

function remove(root: Root, path: string): void {
  const { container, key } = find(root, path);
  if (Array.isArray(container)) container.splice(arrayIndex(key, container.length), 1);
  else if (Object.hasOwn(container, key)) delete container[key];
  else throw unprocessablePatch();
}

function replace(root: Root, path: string, value: unknown): void {
  if (path === "") {
    if (!isJsonObject(value) && !Array.isArray(value)) throw unprocessablePatch();
    root.document = value;
    return;
  }
  const { container, key } = find(root, path);
  // As upstream's library has it, a field need not be there to be replaced.
  if (Array.isArray(container)) container[arrayIndex(key, container.length)] = value;
  else setField(container, key, value);
}

function copy(root: Root, operation: JsonPatchOperation): void {
  const value = cloneJson(get(root, pathOf(operation, "from")));
  root.copiedBytes += JSON.stringify(value).length;
  if (root.copiedBytes > MAX_COPIED_BYTES) throw unprocessablePatch();
  add(root, pathOf(operation, "path"), value);
}

/** A path that is not there passes when null is what it is tested for. */
function test(root: Root, path: string, expected: unknown): void {
  if (path === "") {
    if (!jsonEquals(root.document, expected)) throw unprocessablePatch();
    return;
  }
  const { container, key } = find(root, path);
  const actual = Array.isArray(container) ? container[arrayIndex(key, container.length)] : ownField(container, key);
  if (!jsonEquals(actual ?? null, expected)) throw unprocessablePatch();
}

function get(root: Root, path: string): unknown {
  const { container, key } = find(root, path);
  if (Array.isArray(container)) return container[arrayIndex(key, container.length)];
  return ownField(container, key) ?? null;
}

/** The object or list that holds what the path names, and the last part of the path. */
function find(root: Root, path: string): { container: JsonObject | unknown[]; key: string } {
  const parts = path.split("/").slice(1).map((part) => part.replaceAll(/~[01]/g, (escape) => (escape === "~1" ? "/" : "~")));
  const key = parts.pop();
  if (key === undefined) throw unprocessablePatch();
  let current = root.document;
  for (const part of parts) {
    if (Array.isArray(current)) current = current[arrayIndex(part, current.length)];
    else current = isJsonObject(current) ? ownField(current, part) : undefined;
  }
  if (!Array.isArray(current) && !isJsonObject(current)) throw unprocessablePatch();
  return { container: current, key };
}

/** An index below `length`; negative ones count from the end. */
function arrayIndex(key: string, length: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw unprocessablePatch();
  const index = Number(key);
  if (index >= length || index < -length) throw unprocessablePatch();
  return index < 0 ? index + length : index;
}

function cannotDecode(value: unknown, goType: string): StatusError {
  return badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(value)} into Go value of type ${goType}`);
}
