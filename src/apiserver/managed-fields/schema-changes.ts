// Behaviour: sigs.k8s.io/structured-merge-diff/v6/typed/reconcile_schema.go: fields that became atomic since they were owned.
import { EMPTY_SET, type FieldSet, isEmptySet, isMember, nodeOf, SELF } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import type { Managers } from "./managers.ts";
import { setFields } from "./ownership.ts";
import { typeBelow, type ValueType } from "./value-type.ts";

/**
 * Makes owners of parts of what is atomic now owners of the whole. Changes `managers`.
 * @param typeIn the type in a version; undefined when it is not served any more
 */
export function followSchemaChanges(managers: Managers, typeIn: (apiVersion: string) => ValueType | undefined): void {
  for (const [identifier, manager] of managers) {
    const type = typeIn(manager.apiVersion);
    if (type !== undefined) setFields(managers, identifier, reconciled(type, manager.set));
  }
}

function reconciled(type: ValueType, set: FieldSet): FieldSet {
  let out: { [element: PathElement]: FieldSet } | undefined;
  for (const element in set) {
    const node = set[element];
    if (node === undefined || element === SELF || isEmptySet(node)) continue;
    const below = typeBelow(type, element);
    const next = isAtomic(below) ? EMPTY_SET : reconciledNode(below, node);
    if (next !== node) (out ??= { ...set })[element] = next;
  }
  return out ?? set;
}

function reconciledNode(type: ValueType, node: FieldSet): FieldSet {
  const next = reconciled(type, node);
  return next === node ? node : (nodeOf(isMember(node), next) ?? EMPTY_SET);
}

function isAtomic(type: ValueType): boolean {
  return (type.kind === "map" && type.atomic) || (type.kind === "list" && type.relation === "atomic");
}
