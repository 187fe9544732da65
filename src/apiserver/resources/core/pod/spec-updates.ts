// Behaviour: ValidatePodUpdate in k8s.io/kubernetes/pkg/apis/core/validation: most of a pod's spec never changes.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type { Container, NodeAffinity, NodeSelectorTerm, Pod, PodSchedulingGate, PodSpec, Toleration } from "../../../../api/generated/types/core/v1.ts";
import { rangeMessage } from "../../../../api/name-validation.ts";
import { internalForm, internalListForm, sortedMap } from "../../shared/internal-form.ts";
import { validateImageBlanks } from "../../shared/pod-spec/containers.ts";
import { validateTolerations } from "../../shared/pod-spec/scheduling.ts";
import { semanticEqual } from "../../shared/semantic-equal.ts";
import { unifiedDiff } from "../../shared/unified-diff.ts";
import { validateAnnotationUpdates } from "./annotation-updates.ts";
import { SPEC } from "./validation.ts";

const MAX_INT32 = 2_147_483_647;
const UPDATABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** What may not change in a pod. */
export function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const errors = validateAnnotationUpdates(next, old);
  for (const field of ["containers", "initContainers"] as const) {
    const path = SPEC.child(field);
    if ((next.spec[field] ?? []).length !== (old.spec[field] ?? []).length) return [...errors, forbiddenField(path, "pod updates may not add or remove containers")];
    errors.push(...validateImages(next.spec[field] ?? [], path));
  }
  const deadline = validateDeadline(next.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(
    ...validateAddedTolerations(next.spec.tolerations ?? [], old.spec.tolerations ?? []),
    ...validateDeletedGates(next.spec.schedulingGates ?? [], old.spec.schedulingGates ?? []),
  );
  return semanticEqual(next.spec, old.spec) ? errors : [...errors, ...validateFrozenFields(next.spec, old.spec)];
}

function validateImages(containers: readonly Container[], path: FieldPath): FieldError[] {
  return containers.flatMap((container, index) => {
    const at = path.index(index);
    return [...(container.image ? [] : [requiredValue(at.child("image"))]), ...validateImageBlanks(container, at)];
  });
}

function validateDeadline(next: number | undefined, old: number | undefined): { errors: FieldError[]; stop: boolean } {
  const path = SPEC.child("activeDeadlineSeconds");
  if (next === undefined) {
    return { errors: old === undefined ? [] : [invalidValue(path, next, "must not update from a positive integer to nil value")], stop: false };
  }
  if (next < 0 || next > MAX_INT32) return { errors: [invalidValue(path, next, rangeMessage(0, MAX_INT32))], stop: true };
  if (old !== undefined && old < next) return { errors: [invalidValue(path, next, "must be less than or equal to previous value")], stop: true };
  return { errors: [], stop: false };
}

function validateAddedTolerations(next: readonly Toleration[], old: readonly Toleration[]): FieldError[] {
  const path = SPEC.child("tolerations");
  const kept = old.every((toleration) => next.some((other) => semanticEqual({ ...other, tolerationSeconds: undefined }, { ...toleration, tolerationSeconds: undefined })));
  return kept ? validateTolerations(next, path) : [forbiddenField(path, "existing toleration can not be modified except its tolerationSeconds")];
}

function validateDeletedGates(next: readonly PodSchedulingGate[], old: readonly PodSchedulingGate[]): FieldError[] {
  return next.flatMap(({ name }, index) => {
    if (old.some((gate) => gate.name === name)) return [];
    return [forbiddenField(SPEC.child("schedulingGates").index(index).child("name"), `only deletion is allowed, but found new scheduling gate '${name}'`)];
  });
}

function validateFrozenFields(next: PodSpec, old: PodSpec): FieldError[] {
  const { activeDeadlineSeconds: _deadline, ...rest } = next;
  const munged: PodSpec = {
    ...rest,
    containers: withImages(next.containers, old.containers),
    ...(next.initContainers && { initContainers: withImages(next.initContainers, old.initContainers ?? []) }),
    ...(old.activeDeadlineSeconds !== undefined && { activeDeadlineSeconds: old.activeDeadlineSeconds }),
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
  };
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && munged.terminationGracePeriodSeconds === 1) munged.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
  const errors = (old.schedulingGates ?? []).length > 0 ? validateGatedChanges(munged, old) : [];
  if (semanticEqual(munged, old)) return errors;
  const diff = unifiedDiff(internalForm("core.v1.PodSpec", old), internalForm("core.v1.PodSpec", munged));
  return [...errors, forbiddenField(SPEC, `pod updates may not change fields other than ${UPDATABLE}\n${diff}`)];
}

function withImages(containers: readonly Container[], old: readonly Container[]): Container[] {
  return containers.map((container, index) => ({ ...container, image: old[index]?.image }));
}

/** While it is gated, a pod's choice of nodes may become narrower. Puts the old choice into `munged`. */
function validateGatedChanges(munged: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  const before = old.nodeSelector ?? {};
  if (Object.entries(before).some(([key, value]) => munged.nodeSelector?.[key] !== value)) {
    errors.push(invalidValue(SPEC.child("nodeSelector"), sortedMap(munged.nodeSelector), "only additions to spec.nodeSelector are allowed (no mutations or deletions)"));
  }
  munged.nodeSelector = old.nodeSelector;
  const [affinity, oldAffinity] = [munged.affinity?.nodeAffinity, old.affinity?.nodeAffinity];
  if (semanticEqual(affinity, oldAffinity)) return errors;
  errors.push(...validateNodeAffinityChange(affinity, oldAffinity));
  const { nodeAffinity: _changed, ...others } = munged.affinity ?? {};
  const kept = { ...others, ...(oldAffinity && { nodeAffinity: oldAffinity }) };
  munged.affinity = Object.keys(kept).length === 0 && old.affinity === undefined ? undefined : kept;
  return errors;
}

function validateNodeAffinityChange(next: NodeAffinity | undefined, old: NodeAffinity | undefined): FieldError[] {
  const path = SPEC.child("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms");
  if (old?.requiredDuringSchedulingIgnoredDuringExecution === undefined) return [];
  const oldTerms = old.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms ?? [];
  const terms = next?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (oldTerms.length > 0 && oldTerms.length !== terms.length) {
    return [invalidValue(path, internalListForm("core.v1.NodeSelectorTerm", terms), "no additions/deletions to non-empty NodeSelectorTerms list are allowed")];
  }
  return oldTerms.flatMap((term, index) => {
    const changed = terms[index];
    if (changed !== undefined && onlyAdds(changed, term)) return [];
    return [invalidValue(path.index(index), internalForm("core.v1.NodeSelectorTerm", changed), "only additions are allowed (no mutations or deletions)")];
  });
}

function onlyAdds(next: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const [expressions, fields] = [old.matchExpressions ?? [], old.matchFields ?? []];
  if (expressions.length + fields.length === 0) return (next.matchExpressions ?? []).length + (next.matchFields ?? []).length === 0;
  return semanticEqual((next.matchExpressions ?? []).slice(0, expressions.length), expressions) && semanticEqual((next.matchFields ?? []).slice(0, fields.length), fields);
}
