// Behaviour: k8s.io/kubernetes/pkg/api/pod/warnings.go.
import { FieldPath } from "../../../api/field-errors.ts";
import type { PodAffinityTerm, PodSpec, Volume } from "../../../api/generated/types/core/v1.ts";
import { ipWarnings } from "./addresses.ts";
import { claimSpecWarnings } from "./claim-warnings.ts";
import { containerWarnings } from "./container-warnings.ts";
import { nodeLabelDeprecation, nodeTermWarnings } from "./node-label-warnings.ts";
import { fractionalBytes } from "./quantity-warnings.ts";
import { overlapWarnings } from "./volume-path-warnings.ts";
import type { WarnedPod } from "./warned-pod.ts";

const DEPRECATED_ANNOTATIONS: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
};

/** Sources of volumes that no longer work, with what is said of each. */
const DEPRECATED_VOLUMES: readonly (readonly [source: Exclude<keyof Volume, "name">, shown: string, state: string])[] = [
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

/** What is deprecated in a pod, or surely not meant. `field` is where a template stands, "" for a pod. */
export function podSpecWarnings(pod: WarnedPod, { field, isPod }: { readonly field: string; readonly isPod: boolean }): string[] {
  const { metadata, spec } = pod;
  const path = new FieldPath(field).child("spec");
  const annotationPath = new FieldPath(field).child("metadata", "annotations");
  return [
    ...placementWarnings(spec, path),
    ...Object.entries(DEPRECATED_ANNOTATIONS).flatMap(([key, message]) => (metadata.annotations?.[key] === undefined ? [] : [`${annotationPath.key(key)}: ${message}`])),
    ...(spec.volumes ?? []).flatMap((volume, index) => volumeWarnings(volume, path.child("volumes").index(index))),
    ...overlapWarnings(spec.volumes ?? []),
    ...duplicateWarnings((spec.hostAliases ?? []).map(({ ip }) => ip), "ip", path.child("hostAliases")),
    ...duplicateWarnings((spec.imagePullSecrets ?? []).map(({ name }) => name ?? ""), "name", path.child("imagePullSecrets")),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }, index) => (name ? [] : [`${path.child("imagePullSecrets").index(index).child("name")}: invalid empty name ""`])),
    ...fractionalBytes(spec.overhead, path.child("overhead")),
    ...containerWarnings(pod, path, annotationPath, isPod),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0 ? [`${path.child("terminationGracePeriodSeconds")}: must be >= 0; negative values are invalid and will be treated as 1`] : []),
    ...selectorWarnings(spec, path.child("affinity")),
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((address, index) => ipWarnings(address, path.child("dnsConfig", "nameservers").index(index))),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, index) => ipWarnings(ip, path.child("hostAliases").index(index).child("ip"))),
  ];
}

function placementWarnings(spec: PodSpec, path: FieldPath): string[] {
  const affinity = spec.affinity?.nodeAffinity;
  const affinityPath = path.child("affinity", "nodeAffinity");
  const requiredPath = affinityPath.child("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms");
  const preferredPath = affinityPath.child("preferredDuringSchedulingIgnoredDuringExecution");
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
      const message = nodeLabelDeprecation(key);
      return message === undefined ? [] : [`${path.child("nodeSelector").key(key)}: ${message}`];
    }),
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).flatMap((term, index) => nodeTermWarnings(term, requiredPath.index(index), false)),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ preference }, index) => nodeTermWarnings(preference, preferredPath.index(index).child("preference"), true)),
    ...(spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey, labelSelector }, index) => {
      const at = path.child("topologySpreadConstraints").index(index);
      const message = nodeLabelDeprecation(topologyKey);
      return [
        ...(message === undefined ? [] : [`${at.child("topologyKey")}: ${topologyKey} is ${message}`]),
        ...(labelSelector === undefined ? [nullSelector(at.child("labelSelector"))] : []),
      ];
    }),
  ];
}

function nullSelector(path: FieldPath): string {
  return `${path}: a null labelSelector results in matching no pod`;
}

function volumeWarnings(volume: Volume, path: FieldPath): string[] {
  const deprecated = DEPRECATED_VOLUMES.filter(([source]) => volume[source] !== undefined).map(([, shown, state]) => `${path.child(shown)}: ${state}`);
  const template = volume.ephemeral?.volumeClaimTemplate;
  return [...deprecated, ...(template === undefined ? [] : claimSpecWarnings(template.spec, path.child("ephemeral", "volumeClaimTemplate", "spec")))];
}

function duplicateWarnings(values: readonly string[], field: string, path: FieldPath): string[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [`${path.index(index).child(field)}: duplicate ${field} ${JSON.stringify(value)}`] : []));
}

function selectorWarnings({ affinity }: PodSpec, path: FieldPath): string[] {
  return (["podAffinity", "podAntiAffinity"] as const).flatMap((kind) => {
    const required = path.child(kind, "requiredDuringSchedulingIgnoredDuringExecution");
    const preferred = path.child(kind, "preferredDuringSchedulingIgnoredDuringExecution");
    const warn = (term: PodAffinityTerm, at: FieldPath): string[] => (term.labelSelector === undefined ? [nullSelector(at.child("labelSelector"))] : []);
    return [
      ...(affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, index) => warn(term, required.index(index))),
      ...(affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm }, index) => warn(podAffinityTerm, preferred.index(index).child("podAffinityTerm"))),
    ];
  });
}
