// Behaviour: ValidatePriorityClass* in k8s.io/kubernetes/pkg/apis/scheduling/validation.
import { type FieldError, FieldPath, forbiddenField } from "../../../api/field-errors.ts";
import type { PriorityClass } from "../../../api/generated/types/scheduling/v1.ts";
import { immutable, requiredOneOf } from "../shared/field-checks.ts";
import { isNew } from "../shared/new-object.ts";

const SYSTEM_PREFIX = "system-";
const HIGHEST_OF_USERS = 1_000_000_000;
const SYSTEM_CLASSES: ReadonlyMap<string, number> = new Map([
  ["system-node-critical", 2 * HIGHEST_OF_USERS + 1000],
  ["system-cluster-critical", 2 * HIGHEST_OF_USERS],
]);

/** What is wrong with a new priority class. */
export function validatePriorityClass(priorityClass: PriorityClass): FieldError[] {
  if (!isNew(priorityClass)) return [];
  const { value, preemptionPolicy } = priorityClass;
  const errors: FieldError[] = [];
  if ((priorityClass.metadata.name ?? "").startsWith(SYSTEM_PREFIX)) errors.push(...validateSystemClass(priorityClass));
  else if (value > HIGHEST_OF_USERS) errors.push(forbiddenField(new FieldPath("value"), `maximum allowed value of a user defined priority is ${HIGHEST_OF_USERS}`));
  return preemptionPolicy === undefined ? errors : [...errors, ...requiredOneOf(preemptionPolicy, ["PreemptLowerPriority", "Never"], new FieldPath("preemptionPolicy"))];
}

/** What an update may not change. */
export function validatePriorityClassUpdate(next: PriorityClass, old: PriorityClass): FieldError[] {
  return [
    ...(next.value === old.value ? [] : [forbiddenField(new FieldPath("value"), "may not be changed in an update.")]),
    ...immutable(next.preemptionPolicy, old.preemptionPolicy, new FieldPath("preemptionPolicy")),
  ];
}

function validateSystemClass({ metadata: { name = "" }, value, globalDefault = false }: PriorityClass): FieldError[] {
  const problem = problemOfSystemClass(name, value, globalDefault);
  if (problem === undefined) return [];
  return [forbiddenField(new FieldPath("metadata").child("name"), `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem}`)];
}

function problemOfSystemClass(name: string, value: number, globalDefault: boolean): string | undefined {
  const known = SYSTEM_CLASSES.get(name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
