// Behaviour: podEphemeralContainersStrategy in k8s.io/kubernetes/pkg/registry/core/pod and ValidatePodEphemeralContainersUpdate.
import { type FieldError, FieldPath, forbiddenField } from "../../../../api/field-errors.ts";
import type { Pod } from "../../../../api/generated/types/core/v1.ts";
import type { SubresourceStrategy } from "../../../resource.ts";
import { internalForm } from "../../shared/internal-form.ts";
import { MIRROR_POD_ANNOTATION } from "../../shared/pod-spec/annotations.ts";
import { semanticEqual } from "../../shared/semantic-equal.ts";
import { unifiedDiff } from "../../shared/unified-diff.ts";
import { validateAnnotationUpdates } from "./annotation-updates.ts";
import { keepMetadata } from "./metadata.ts";
import { SPEC, validatePodAndAnnotations } from "./validation.ts";

/** Adds ephemeral containers to a pod and changes nothing else. */
export const ephemeralContainersSubresource: SubresourceStrategy<Pod> = {
  prepareForUpdate(next, old) {
    const { ephemeralContainers } = next.spec;
    next.spec = { ...old.spec };
    if (ephemeralContainers === undefined) delete next.spec.ephemeralContainers;
    else next.spec.ephemeralContainers = ephemeralContainers;
    next.status = old.status;
    keepMetadata(next, old);
  },
  validateUpdate(next, old) {
    if (old.metadata.annotations?.[MIRROR_POD_ANNOTATION] !== undefined) return [forbiddenField(new FieldPath(), "static pods do not support ephemeral containers")];
    return [...validatePodAndAnnotations(next), ...validateAnnotationUpdates(next, old), ...validateKept(next, old)];
  },
};

function validateKept(next: Pod, old: Pod): FieldError[] {
  const path = SPEC.child("ephemeralContainers");
  const containers = next.spec.ephemeralContainers ?? [];
  return (old.spec.ephemeralContainers ?? []).flatMap((container) => {
    const kept = containers.find((other) => other.name === container.name);
    const name = JSON.stringify(container.name);
    if (kept === undefined) return [forbiddenField(path, `existing ephemeral containers ${name} may not be removed\n`)];
    if (semanticEqual(kept, container)) return [];
    const diff = unifiedDiff(internalForm("core.v1.EphemeralContainer", container), internalForm("core.v1.EphemeralContainer", kept));
    return [forbiddenField(path, `existing ephemeral containers ${name} may not be changed\n${diff}`)];
  });
}
