// Behaviour: k8s.io/pod-security-admission/policy/registry.go: a pod against all rules of a level as a release has them.
import { baselineChecks } from "./baseline-checks.ts";
import type { Check, CheckFunction, CheckedPod, Violation } from "./check.ts";
import type { LevelVersion } from "./policy.ts";
import { restrictedChecks } from "./restricted-checks.ts";

const byLevel = { baseline: sorted(baselineChecks), restricted: sorted(restrictedChecks) };
const resolved = new Map<string, readonly CheckFunction[]>();

/** What the pod violates of the level, rules of the baseline first. */
export function violationsOf(pod: CheckedPod, { level, version }: LevelVersion): Violation[] {
  if (level === "privileged") return [];
  const key = `${level}:${version}`;
  let checks = resolved.get(key);
  if (checks === undefined) resolved.set(key, (checks = checksOf(level, version)));
  return checks.flatMap((check) => check(pod) ?? []);
}

/** All reasons, each with its detail. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ");
}

function checksOf(level: "baseline" | "restricted", version: number): readonly CheckFunction[] {
  const own = level === "restricted" ? byLevel.restricted.flatMap((check) => asOf(check, version) ?? []) : [];
  const overridden = new Set(own.map(({ overrides }) => overrides));
  const base = byLevel.baseline.filter(({ id }) => !overridden.has(id)).flatMap((check) => asOf(check, version) ?? []);
  return [...base, ...own].map(({ check }) => check);
}

/** The rule as it was in that version; undefined when it was not there yet. */
function asOf({ versions, overrides }: Check, version: number): { check: CheckFunction; overrides: string | undefined } | undefined {
  const check = versions.findLast(({ since }) => since <= version)?.check;
  return check && { check, overrides };
}

function sorted(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
