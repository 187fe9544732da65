// Behaviour: sigs.k8s.io/structured-merge-diff/v6/typed (tofieldset.go, compare.go): the paths that a value holds.
import { EMPTY_SET, type FieldSet, inOrder, nodeOf, SELF } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import { asList, asObject, itemElement, type ListType, type MapType, typeOfField, typeOfValue, type ValueType } from "./value-type.ts";

type Mutable = { [element: PathElement]: FieldSet };

/** A value that appears (or goes) as a whole: the step to it, and all steps below, are members. */
export function wholeValue(type: ValueType, value: unknown): FieldSet {
  const actual = typeOfValue(type, value);
  if (actual.kind === "map") return actual.atomic ? EMPTY_SET : wholeObject(actual, value);
  return actual.kind === "scalar" || actual.relation === "atomic" ? EMPTY_SET : wholeList(actual, value);
}

function wholeObject(type: MapType, value: unknown): FieldSet {
  const object = asObject(value);
  const names = Object.keys(object).sort();
  if (names.length === 0) return EMPTY_SET;
  const node: Mutable = { [SELF]: EMPTY_SET };
  for (const name of names) {
    const field = object[name];
    if (field !== undefined) node[`f:${name}`] = wholeValue(typeOfField(type, name), field);
  }
  return node;
}

function wholeList(type: ListType, value: unknown): FieldSet {
  const items = asList(value);
  if (items.length === 0) return EMPTY_SET;
  const node: Mutable = { [SELF]: EMPTY_SET };
  for (const item of items) {
    const element = itemElement(type, item);
    node[element] = node[element] === undefined ? wholeValue(type.element, item) : EMPTY_SET;
  }
  return inOrder(node);
}

/**
 * The set that an applied configuration owns: its leaves, the items of lists, and the entries of maps; not the structs
 * and lists that hold them.
 * @throws ListItemError
 */
export function appliedSet(type: ValueType, value: unknown): FieldSet {
  return appliedNode(type, value).children;
}

/** What stands below a step, and whether the step is owned for its value's sake. */
interface AppliedNode {
  readonly member: boolean;
  readonly children: FieldSet;
}

const LEAF: AppliedNode = { member: true, children: EMPTY_SET };

function appliedNode(type: ValueType, value: unknown): AppliedNode {
  const actual = typeOfValue(type, value);
  if (actual.kind === "scalar") return LEAF;
  if (actual.kind === "map") return actual.atomic ? LEAF : { member: false, children: appliedObject(actual, value) };
  return actual.relation === "atomic" ? LEAF : { member: false, children: appliedList(actual, value) };
}

function appliedObject(type: MapType, value: unknown): FieldSet {
  const object = asObject(value);
  const out: Mutable = {};
  for (const name of Object.keys(object).sort()) {
    const field = object[name];
    if (field === undefined) continue;
    const { member, children } = appliedNode(typeOfField(type, name), field);
    const node = nodeOf(member || !type.fields.has(name) || isNothing(field), children);
    if (node !== undefined) out[`f:${name}`] = node;
  }
  return out;
}

/** null or `{}`: owned for itself, as nothing stands in it. */
function isNothing(value: unknown): boolean {
  return value === null || (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0);
}

function appliedList(type: ListType, value: unknown): FieldSet {
  const out: Mutable = {};
  for (const item of asList(value)) {
    const element = itemElement(type, item);
    const node = nodeOf(true, appliedNode(type.element, item).children) ?? EMPTY_SET;
    out[element] = out[element] === undefined ? node : EMPTY_SET;
  }
  return inOrder(out);
}
