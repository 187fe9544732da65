// Behaviour: k8s.io/pod-security-admission/policy (checks.go, helpers.go, visitor.go): what checks of pods have in common.
import type { Container, PodSpec } from "../../../api/generated/types/core/v1.ts";

/** The part of a pod, or of a template of pods, that is checked. */
export interface CheckedPod {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

/** Why a pod is not allowed: in short, and at length. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** Undefined when the pod is allowed. */
export type CheckFunction = (pod: CheckedPod) => Violation | undefined;

/** One rule, as it was from the given minor versions on. */
export interface Check {
  readonly id: string;
  readonly versions: readonly { readonly since: number; readonly check: CheckFunction }[];
  /** The rule of the lower level that it takes the place of. */
  readonly overrides?: string;
}

/** All containers, in the order in which messages name them. */
export function containersOf({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): Container[] {
  return [...initContainers, ...containers, ...ephemeralContainers];
}

/** The names of the containers that are so. */
export function namesWhere(spec: PodSpec, isSo: (container: Container) => boolean): string[] {
  return containersOf(spec).filter(isSo).map(({ name }) => name);
}

/** `"a", "b"`. */
export function quoted(items: Iterable<string>): string {
  return [...items].map((item) => `"${item}"`).join(", ");
}

/** Values once each, in order. */
export function sortedSet(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

/** The word in the form that fits the number. */
export function plural(word: string, count: number, more = `${word}s`): string {
  return count === 1 ? word : more;
}

/** `container "a"`, `containers "a", "b"`. */
export function named(word: string, names: readonly string[]): string {
  return `${plural(word, names.length)} ${quoted(names)}`;
}

/** Who set something: the pod, some containers, or both. */
export function setters(pod: boolean, containers: readonly string[]): string[] {
  return [...(pod ? ["pod"] : []), ...(containers.length > 0 ? [named("container", containers)] : [])];
}

/** Pods in a user namespace of their own may do what is harmless there. */
export function hasOwnUsers({ hostUsers }: PodSpec): boolean {
  return hostUsers === false;
}

/** Rules that a pod for Windows need not follow. */
export function exceptWindows(check: CheckFunction): CheckFunction {
  return (pod) => (pod.spec.os?.name === "windows" ? undefined : check(pod));
}

/** Rules that a pod in a user namespace of its own need not follow. */
export function exceptOwnUsers(check: CheckFunction): CheckFunction {
  return (pod) => (hasOwnUsers(pod.spec) ? undefined : check(pod));
}
