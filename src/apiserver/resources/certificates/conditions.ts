// Behaviour: preserveConditionInstances and populateConditionTimestamps in k8s.io/kubernetes/pkg/registry/certificates/certificates/strategy.go.
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "../../../api/generated/types/certificates/v1.ts";
import { type Clock, formatTime } from "../../../util/clock.ts";

/** Keeps conditions of a type as they were, unless one came or went. */
export function keepConditions(next: CertificateSigningRequest, old: CertificateSigningRequest, type: string): void {
  const before = (old.status.conditions ?? []).filter((condition) => condition.type === type);
  const conditions = next.status.conditions ?? [];
  if (conditions.filter((condition) => condition.type === type).length !== before.length) return;
  next.status.conditions = conditions.map((condition) => (condition.type === type ? (before.shift() ?? condition) : condition));
}

/** Fills in the times that a client leaves out. */
export function fillConditionTimes(next: CertificateSigningRequest, old: CertificateSigningRequest, clock: Clock): void {
  const now = formatTime(clock.now());
  for (const condition of next.status.conditions ?? []) {
    condition.lastUpdateTime ??= now;
    condition.lastTransitionTime ??= transitionOf(condition, old) ?? now;
  }
}

function transitionOf({ type, status }: CertificateSigningRequestCondition, old: CertificateSigningRequest): string | null | undefined {
  return (old.status.conditions ?? []).find((before) => before.type === type && before.status === status && before.lastTransitionTime)?.lastTransitionTime;
}
