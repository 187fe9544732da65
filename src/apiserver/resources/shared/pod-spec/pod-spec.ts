// Behaviour: ValidatePodSpec in k8s.io/kubernetes/pkg/apis/core/validation, for pods and templates.
import { duplicateValue, type FieldError, FieldPath, forbiddenField, invalidValue, notFoundValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PodResourceClaim, PodSpec } from "../../../../api/generated/types/core/v1.ts";
import { rangeMessage } from "../../../../api/name-validation.ts";
import { validateLabels } from "../../../object-meta-validation.ts";
import { allContainers } from "../containers.ts";
import { dnsLabel, dnsSubdomain, requiredOneOf } from "../field-checks.ts";
import { internalForm } from "../internal-form.ts";
import { validateAffinity } from "./affinity.ts";
import { MIRROR_POD_ANNOTATION } from "./annotations.ts";
import { validateContainers, validateEphemeralContainers, validateInitContainers } from "./containers.ts";
import { validateDNSConfig, validateHostAliases, validateHostnameOverride, validateHostNetworkPorts, validateHostUsers } from "./host.ts";
import { validateOperatingSystem } from "./operating-system.ts";
import { validateContainerResources, validatePodResources } from "./resources.ts";
import { validateReadinessGates, validateSchedulingGates, validateSpreadConstraints, validateTolerations } from "./scheduling.ts";
import { validatePodSecurityContext } from "./security-context.ts";
import { type PodMeta, validateVolumes } from "./volumes.ts";
import { validateHostProcess } from "./windows-options.ts";

const MAX_INT32 = 2_147_483_647;

/** What is wrong with a pod's spec; `meta` is the pod's, undefined for templates. */
export function validatePodSpec(spec: PodSpec, meta: PodMeta, path: FieldPath): FieldError[] {
  const claims = spec.resourceClaims ?? [];
  const claimNames = new Set(claims.map((claim) => claim.name).filter((name) => name !== ""));
  const { valid: volumes, errors: volumeErrors } = validateVolumes(spec.volumes ?? [], path.child("volumes"), meta);
  const surroundings = { spec, volumes, claims: claimNames };
  return [
    ...(spec.terminationGracePeriodSeconds === undefined ? [requiredValue(path.child("terminationGracePeriodSeconds"))] : []),
    ...volumeErrors,
    ...validateResourceClaims(claims, meta, path.child("resourceClaims")),
    ...validateContainers(surroundings, path.child("containers")),
    ...validateInitContainers(surroundings, path.child("initContainers")),
    ...validateEphemeralContainers(surroundings, path.child("ephemeralContainers")),
    ...validatePodResources(spec, claimNames, path),
    ...validateHostNetworkPorts(spec, path, meta !== undefined),
    ...requiredOneOf(spec.restartPolicy, ["Always", "OnFailure", "Never"], path.child("restartPolicy")),
    ...requiredOneOf(spec.dnsPolicy, ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], path.child("dnsPolicy")),
    ...validateLabels(spec.nodeSelector, path.child("nodeSelector")),
    ...validatePodSecurityContext(spec, path.child("securityContext")),
    ...validateAffinity(spec.affinity, path.child("affinity")),
    ...validateDNSConfig(spec.dnsConfig, spec.dnsPolicy, path.child("dnsConfig")),
    ...validateReadinessGates(spec.readinessGates ?? [], path.child("readinessGates")),
    ...validateSchedulingGates(spec.schedulingGates ?? [], path.child("schedulingGates")),
    ...validateSpreadConstraints(spec.topologySpreadConstraints ?? [], path.child("topologySpreadConstraints")),
    ...validateHostProcess(spec, path),
    ...validateHostUsers(spec, path),
    ...validateHostnameOverride(spec, path),
    ...validateNames(spec, path),
    ...validateTolerations(spec.tolerations ?? [], path.child("tolerations")),
    ...validateHostAliases(spec.hostAliases ?? [], path.child("hostAliases")),
    ...validateClasses(spec, path),
    ...validateOperatingSystem(spec, path),
    ...validateFileKeyVolumes(spec, path),
  ];
}

function validateNames(spec: PodSpec, path: FieldPath): FieldError[] {
  const deadline = spec.activeDeadlineSeconds;
  const badDeadline = deadline !== undefined && (deadline < 1 || deadline > MAX_INT32);
  return [
    ...(spec.serviceAccountName ? dnsSubdomain(spec.serviceAccountName, path.child("serviceAccountName")) : []),
    ...(spec.nodeName ? dnsSubdomain(spec.nodeName, path.child("nodeName")) : []),
    ...(badDeadline ? [invalidValue(path.child("activeDeadlineSeconds"), deadline, rangeMessage(1, MAX_INT32))] : []),
    ...(spec.hostname ? dnsLabel(spec.hostname, path.child("hostname")) : []),
    ...(spec.subdomain ? dnsLabel(spec.subdomain, path.child("subdomain")) : []),
  ];
}

function validateClasses(spec: PodSpec, path: FieldPath): FieldError[] {
  return [
    ...(spec.priorityClassName ? dnsSubdomain(spec.priorityClassName, path.child("priorityClassName")) : []),
    ...(spec.runtimeClassName === undefined ? [] : dnsSubdomain(spec.runtimeClassName, path.child("runtimeClassName"))),
    ...(spec.preemptionPolicy === undefined ? [] : requiredOneOf(spec.preemptionPolicy, ["PreemptLowerPriority", "Never"], path.child("preemptionPolicy"))),
    ...(spec.overhead === undefined ? [] : validateContainerResources({ limits: spec.overhead }, new Set(), path.child("overhead"))),
  ];
}

function validateResourceClaims(claims: readonly PodResourceClaim[], meta: PodMeta, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return claims.flatMap((claim, index) => {
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    const at = path.index(index);
    if (meta?.annotations?.[MIRROR_POD_ANNOTATION] !== undefined) return [forbiddenField(new FieldPath(), "static pods do not support resource claims")];
    const errors: FieldError[] = [];
    if (!name) errors.push(requiredValue(at.child("name")));
    else if (seen.has(name)) errors.push(duplicateValue(at.child("name"), name));
    else errors.push(...dnsLabel(name, at.child("name")));
    seen.add(name);
    const shown = internalForm("core.v1.PodResourceClaim", claim);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      errors.push(invalidValue(at, shown, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"));
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      errors.push(invalidValue(at, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"));
    }
    if (resourceClaimName !== undefined) errors.push(...dnsSubdomain(resourceClaimName, at.child("resourceClaimName")));
    if (resourceClaimTemplateName !== undefined) errors.push(...dnsSubdomain(resourceClaimTemplateName, at.child("resourceClaimTemplateName")));
    return errors;
  });
}

/** Files with variables lie in a volume that starts out empty. */
function validateFileKeyVolumes(spec: PodSpec, path: FieldPath): FieldError[] {
  const volumes = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return allContainers(spec, path).flatMap(({ container, path: at }) =>
    (container.env ?? []).flatMap(({ valueFrom }, index) => {
      if (valueFrom?.fileKeyRef === undefined) return [];
      const name = valueFrom.fileKeyRef.volumeName;
      const place = at.child("env").index(index).child("valueFrom", "fileKeyRef", "volumeName");
      const volume = volumes.get(name);
      if (volume === undefined) return [notFoundValue(place, name)];
      return volume.emptyDir === undefined ? [invalidValue(place, name, "referenced volume must be of type emptyDir")] : [];
    }),
  );
}
