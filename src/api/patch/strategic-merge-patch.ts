// Behaviour: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (applying): merge patches that know a type's lists.
import { jsonKind } from "../decode-scalars.ts";
import { badRequest } from "../errors.ts";
import { cloneJson, formatGoValue, goTypeName, isJsonObject, jsonEquals, ownField, setField, type JsonObject } from "./json-value.ts";
import { unclassifiedError } from "./patch-errors.ts";
import type { PatchField, PatchSchema } from "./patch-schema.ts";
import { findByKey, itemKind, mergedOrder, partition, withMergeKey } from "./strategic-lists.ts";

/** Says what becomes of the object or item that it stands in: replace, merge or delete. */
export const DIRECTIVE = "$patch";
/** Lists the keys that an object keeps. */
export const RETAIN_KEYS = "$retainKeys";
/** Begins the name of a list of values to be taken out of a list. */
export const DELETE_FROM_LIST = "$deleteFromPrimitiveList";
/** Begins the name of a list that says in which order a list's items stand. */
export const SET_ELEMENT_ORDER = "$setElementOrder";

/** Whether a patch is applied to an object, or merged into another patch, whose directives and nulls it then keeps. */
type Target = "object" | "patch";

/**
 * Checks that a decoded body is a strategic merge patch: an object.
 * @throws StatusError 400.
 */
export function decodeStrategicMergePatch(body: unknown): JsonObject {
  if (body === null) return {};
  if (isJsonObject(body)) return body;
  throw badRequest(`json: cannot unmarshal ${jsonKind(body)} into Go value of type map[string]interface {}`);
}

/**
 * A copy of `original` with the patch applied.
 * @throws StatusError 400 or 500 in the server's words when the patch is malformed.
 */
export function applyStrategicMergePatch(original: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  return mergeObject(cloneJson(original), cloneJson(patch), schema, "object");
}

/** Merges a patch into an earlier one, so that applying the result is applying both. */
export function mergeStrategicPatches(earlier: JsonObject, later: JsonObject, schema: PatchSchema): JsonObject {
  return mergeObject(cloneJson(earlier), cloneJson(later), schema, "patch");
}

/** Merges `patch` into `original`; both are changed. */
function mergeObject(original: JsonObject, patch: JsonObject, schema: PatchSchema, target: Target): JsonObject {
  if (Object.hasOwn(patch, DIRECTIVE)) return replacedObject(patch);
  applyRetainKeys(original, patch, target);
  applyElementOrders(original, patch, schema, target);
  for (const [key, value] of Object.entries(patch)) {
    const deletion = key.startsWith(DELETE_FROM_LIST);
    if (deletion && target === "patch") original[key] = value;
    else mergeField(original, deletion ? listOf(key, DELETE_FROM_LIST) : key, value, deletion, schema, target);
  }
  return original;
}

/** What $patch makes of an object that it stands in. */
function replacedObject(patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === "delete") return {};
  if (directive !== "replace") throw unknownDirective(directive, patch);
  delete patch[DIRECTIVE];
  return patch;
}

function mergeField(original: JsonObject, key: string, value: unknown, deletion: boolean, schema: PatchSchema, target: Target): void {
  if (value === null) {
    delete original[key];
    if (target === "object") return;
  }
  const current = ownField(original, key);
  if (current === undefined || goTypeName(current) !== goTypeName(value)) {
    if (!deletion) takeFromPatch(original, key, value, target);
  } else if (isJsonObject(current) && isJsonObject(value)) {
    const field = schema.field(key);
    original[key] = field.strategy === "replace" ? value : mergeObject(current, value, field.schema, target);
  } else if (Array.isArray(current) && Array.isArray(value)) {
    original[key] = mergeLists(current, value, schema.field(key), deletion, target);
  } else setField(original, key, value);
}

/** Takes a value that there is nothing to merge it with, without directives and, into an object, without nulls. */
function takeFromPatch(original: JsonObject, key: string, value: unknown, target: Target): void {
  if (target === "object") discardNulls(value);
  const cleaned = withoutDirectives(value);
  if (cleaned === undefined) delete original[key];
  else setField(original, key, cleaned);
}

function discardNulls(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(discardNulls);
  if (!isJsonObject(value)) return;
  for (const [key, field] of Object.entries(value)) {
    if (field === null) delete value[key];
    else discardNulls(field);
  }
}

/** The value without objects that hold a directive; undefined when it is one itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return undefined;
  for (const [key, field] of Object.entries(value)) {
    const cleaned = withoutDirectives(field);
    if (cleaned === undefined) delete value[key];
    else setField(value, key, cleaned);
  }
  return value;
}

/** Drops from `original` what $retainKeys does not name; between patches, the directive is handed on. */
function applyRetainKeys(original: JsonObject, patch: JsonObject, target: Target): void {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return;
  const names = patch[RETAIN_KEYS];
  delete patch[RETAIN_KEYS];
  if (target === "patch") {
    if (Object.hasOwn(original, RETAIN_KEYS) && !jsonEquals(original[RETAIN_KEYS], names)) {
      const lists = `${formatGoValue(original[RETAIN_KEYS])} and ${formatGoValue(names)}`;
      throw unclassifiedError(`${lists} are not deep equal: this may happen when calculating the 3-way diff patch`);
    }
    original[RETAIN_KEYS] = names;
    return;
  }
  if (!Array.isArray(names)) throw badRequest("invalid patch format of retainKeys");
  const retained = new Set<unknown>(names);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM_LIST) || key.startsWith(SET_ELEMENT_ORDER)) continue;
    if (!retained.has(key)) throw badRequest("invalid patch format of retainKeys");
  }
  for (const key of Object.keys(original)) if (!retained.has(key)) delete original[key];
}

/** Merges and orders the lists that have a $setElementOrder, and takes both from the patch. */
function applyElementOrders(original: JsonObject, patch: JsonObject, schema: PatchSchema, target: Target): void {
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ELEMENT_ORDER)) continue;
    if (target === "patch") {
      if (Object.hasOwn(original, key) && !jsonEquals(original[key], order)) throw badElementOrder();
      original[key] = order;
    }
    delete patch[key];
    if (!Array.isArray(order)) throw notA("[]interface {}", order);
    const name = listOf(key, SET_ELEMENT_ORDER);
    const current = optionalList(ownField(original, name));
    const changes = optionalList(ownField(patch, name));
    const field = schema.field(name);
    checkAgainstOrder(changes ?? [], order, field.mergeKey);
    if (current === undefined && changes === undefined) continue;
    const merged = elementsInOrder(current, changes, field, target);
    const { inPatch, others } = partition(merged, order, field.mergeKey);
    const kind = itemKind([...(current ?? []), ...(changes ?? [])], [current ?? [], changes ?? []]);
    original[name] = mergedOrder(inPatch, others, order, current ?? [], kind === "object" ? field.mergeKey : "");
    delete patch[name];
  }
}

function elementsInOrder(current: unknown[] | undefined, changes: unknown[] | undefined, field: PatchField, target: Target): unknown[] {
  if (changes === undefined) return current ?? [];
  if (current === undefined) return withoutDirectives(changes) as unknown[];
  return mergeLists(current, changes, field, false, target);
}

function optionalList(value: unknown): unknown[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw notA("[]interface {}", value);
  return value;
}

/** The items of a patch's list must stand in the order's sequence. */
function checkAgainstOrder(changes: unknown[], order: unknown[], mergeKey: string): void {
  if (changes.length === 0 || order.length === 0) return;
  const items = mergeKey === "" ? changes : changes.filter((item) => !(isJsonObject(item) && item[DIRECTIVE] === "delete"));
  let next = 0;
  let place = 0;
  while (next < items.length && place < order.length) {
    const item = items[next];
    if (isJsonObject(item) && Object.hasOwn(item, DIRECTIVE)) next++;
    else if (sameItem(item, order[place++], mergeKey)) next++;
  }
  if (next < items.length && place >= order.length) {
    throw unclassifiedError(`The order in patch list:\n${formatGoValue(changes)}\n doesn't match ${SET_ELEMENT_ORDER} list:\n${formatGoValue(order)}\n`);
  }
}

/** Whether two items are the same one: equal scalars, or objects with equal merge keys. */
export function sameItem(left: unknown, right: unknown, mergeKey: string): boolean {
  if (mergeKey === "") return left === right;
  return withMergeKey(left, mergeKey)[mergeKey] === withMergeKey(right, mergeKey)[mergeKey];
}

function mergeLists(current: unknown[], changes: unknown[], field: PatchField, deletion: boolean, target: Target): unknown[] {
  if (field.strategy !== "merge" && !deletion) return changes;
  if (current.length === 0 && changes.length === 0) return current;
  const { mergeKey } = field;
  const kind = itemKind([...current, ...changes], [current, changes]);
  if (kind !== "object") {
    if (deletion && target === "object") return current.filter((item) => !changes.includes(item));
    const merged = [...new Set([...current, ...changes])];
    const { inPatch, others } = partition(merged, changes, mergeKey);
    return mergedOrder(inPatch, others, changes, current, "");
  }
  if (mergeKey === "") throw unclassifiedError(`cannot merge lists without merge key for ${field.schema.name}`);
  const { remaining, additions } = withoutSpecialItems(current as JsonObject[], changes as JsonObject[], mergeKey);
  const merged = mergeItems([...remaining], additions, field, target);
  const { inPatch, others } = partition(merged, additions, mergeKey);
  return mergedOrder(inPatch, others, additions, merged.slice(0, remaining.length), mergeKey);
}

/** Carries out the items of a patch's list that are directives; a replace keeps nothing of what was there. */
function withoutSpecialItems(current: JsonObject[], changes: JsonObject[], mergeKey: string): { remaining: JsonObject[]; additions: JsonObject[] } {
  let remaining = current;
  let replace = false;
  const additions: JsonObject[] = [];
  for (const item of changes) {
    const directive = item[DIRECTIVE];
    if (!Object.hasOwn(item, DIRECTIVE)) additions.push(item);
    else if (directive === "delete") {
      const key = withMergeKey(item, mergeKey)[mergeKey];
      remaining = remaining.filter((other) => !Object.hasOwn(other, mergeKey) || other[mergeKey] !== key);
    } else if (directive === "replace") replace = true;
    else if (directive === "merge") throw unclassifiedError("merging lists cannot yet be specified in the patch");
    else throw unknownDirective(directive, item);
  }
  return replace ? { remaining: additions, additions: [] } : { remaining, additions };
}

function mergeItems(items: JsonObject[], additions: JsonObject[], field: PatchField, target: Target): JsonObject[] {
  for (const addition of additions) {
    const at = findByKey(items, field.mergeKey, withMergeKey(addition, field.mergeKey)[field.mergeKey]);
    const item = items[at];
    if (item === undefined) items.push(addition);
    else items[at] = mergeObject(item, addition, field.schema, target);
  }
  return items;
}

/** The list that a directive's name speaks of: `$setElementOrder/containers` -> `containers`. */
function listOf(key: string, prefix: string): string {
  const slash = key.indexOf("/");
  if (slash === prefix.length) return key.slice(slash + 1);
  throw prefix === SET_ELEMENT_ORDER ? badElementOrder() : badRequest("invalid patch format of primitive list");
}

function badElementOrder(): Error {
  return badRequest("invalid patch format of setElementOrder list");
}

function unknownDirective(directive: unknown, where: JsonObject): Error {
  return unclassifiedError(`unknown patch type: ${formatGoValue(directive)} in map: ${formatGoValue(where)}`);
}

function notA(expected: string, actual: unknown): Error {
  return unclassifiedError(`expected a ${expected}, but received a ${goTypeName(actual)}`);
}
