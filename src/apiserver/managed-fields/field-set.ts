// Behaviour: sigs.k8s.io/structured-merge-diff/v6/fieldpath (set.go, serialize.go): sets of paths, and their algebra.
import { isJsonObject } from "../../api/patch/json-value.ts";
import { comparePathElements, parsePathElement, type PathElement } from "./path-element.ts";

/**
 * A set of paths, in the form of FieldsV1, so that nothing is converted on its way to and from the store:
 * `{"f:spec":{"f:a":{},"k:{...}":{".":{},"f:name":{}}}}`. A step that leads to `{}`, or to an object with ".", is a member.
 * Immutable, and shared between sets.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet;
}

type Mutable = { [element: PathElement]: FieldSet };

/** The set without members; as a part of a set, a member with nothing below it. */
export const EMPTY_SET: FieldSet = Object.freeze({});

/** The mark of a member that has something below it. */
export const SELF = ".";

/** Whether the set has no members. */
export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the step that leads to `node` is a member itself. */
export function isMember(node: FieldSet): boolean {
  return node[SELF] !== undefined || isEmptySet(node);
}

/** What a step leads to; undefined when neither it nor anything below it is a member. */
export function nodeOf(member: boolean, children: FieldSet): FieldSet | undefined {
  if (isEmptySet(children)) return member ? EMPTY_SET : undefined;
  return member ? { [SELF]: EMPTY_SET, ...children } : children;
}

/** The set of the given paths. */
export function setOfPaths(...paths: readonly (readonly PathElement[])[]): FieldSet {
  return paths.map((path) => pathSet(path)).reduce(union, EMPTY_SET);
}

function pathSet(path: readonly PathElement[]): FieldSet {
  return path.reduceRight<FieldSet>((inner, element) => ({ [element]: inner }), EMPTY_SET);
}

/** Whether the path is a member. */
export function hasPath(set: FieldSet, path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.[element];
  return path.length > 0 && node !== undefined && isMember(node);
}

/** The members of either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  return unionOfChildren(a, b);
}

function unionOfChildren(a: FieldSet, b: FieldSet): FieldSet {
  const out: Mutable = {};
  for (const element in a) {
    const [left, right] = [a[element], b[element]];
    if (element !== SELF && left !== undefined) out[element] = right === undefined ? left : unionOfNodes(left, right);
  }
  let added = false;
  for (const element in b) {
    const right = b[element];
    if (element === SELF || right === undefined || a[element] !== undefined) continue;
    out[element] = right;
    added = true;
  }
  return added ? inOrder(out) : out;
}

function unionOfNodes(a: FieldSet, b: FieldSet): FieldSet {
  return a === b ? a : (nodeOf(isMember(a) || isMember(b), unionOfChildren(a, b)) ?? EMPTY_SET);
}

/** The same set with its steps in the order in which they are written. */
export function inOrder(set: FieldSet): FieldSet {
  const elements = Object.keys(set);
  for (let index = 1; index < elements.length; index++) {
    if (comparePathElements(elements[index - 1] ?? "", elements[index] ?? "") > 0) return sorted(set, elements);
  }
  return set;
}

function sorted(set: FieldSet, elements: PathElement[]): FieldSet {
  const out: Mutable = {};
  for (const element of elements.sort(comparePathElements)) out[element] = set[element] ?? EMPTY_SET;
  return out;
}

/** The members of both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const out: Mutable = {};
  for (const element in a) {
    const [left, right] = [a[element], b[element]];
    if (element === SELF || left === undefined || right === undefined) continue;
    const node = nodeOf(isMember(left) && isMember(right), intersection(left, right));
    if (node !== undefined) out[element] = node;
  }
  return out;
}

/** The members of `a` that are not in `b`; what stands below a member of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b) && a[SELF] === undefined) return a;
  const out: Mutable = {};
  for (const element in a) {
    const [left, right] = [a[element], b[element]];
    if (element === SELF || left === undefined) continue;
    const node = right === undefined ? left : nodeOf(isMember(left) && !isMember(right), difference(left, right));
    if (node !== undefined) out[element] = node;
  }
  return out;
}

/** The members of `a` that are neither in `b` nor below a member of it. */
export function differenceBelow(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b) && a[SELF] === undefined) return a;
  const out: Mutable = {};
  for (const element in a) {
    const [left, right] = [a[element], b[element]];
    if (element === SELF || left === undefined) continue;
    const node = right === undefined ? left : isMember(right) ? undefined : nodeOf(isMember(left), differenceBelow(left, right));
    if (node !== undefined) out[element] = node;
  }
  return out;
}

/** All members: at each level first the members, then what stands below them. */
export function* pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): Generator<PathElement[]> {
  const entries = Object.entries(set).filter(([element]) => element !== SELF);
  for (const [element, node] of entries) if (isMember(node)) yield [...prefix, element];
  for (const [element, node] of entries) yield* pathsOf(node, [...prefix, element]);
}

/**
 * The set that a client's FieldsV1 describe; steps of unknown kinds are left out.
 * @throws Error when they are malformed
 */
export function parseFieldSet(fields: unknown): FieldSet {
  const { children } = parseNode(fields ?? {});
  return children;
}

function parseNode(fields: unknown): { member: boolean; children: FieldSet } {
  if (!isJsonObject(fields)) throw new Error("fields must be objects");
  const out: Mutable = {};
  for (const [text, value] of Object.entries(fields)) {
    const element = text === SELF ? undefined : parsePathElement(text);
    if (element === undefined) continue;
    const { member, children } = parseNode(value);
    const node = nodeOf(member, children);
    const before = out[element];
    if (node !== undefined) out[element] = before === undefined ? node : unionOfNodes(before, node);
  }
  return { member: fields[SELF] !== undefined || isEmptySet(out), children: inOrder(out) };
}
