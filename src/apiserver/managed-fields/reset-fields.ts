// Behaviour: k8s.io/kubernetes/pkg/registry/*/strategy.go (GetResetFields): fields that a write may hold, and does not reach.
import { differenceBelow, type FieldSet, isEmptySet, isMember, nodeOf, SELF, setOfPaths } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";

/** The part of a set of fields that a write reaches; what it does not reach, it does not own. */
export type FieldFilter = (set: FieldSet) => FieldSet;

/** What the filter depends on. */
export interface FilteredResource {
  readonly group: string;
  readonly resource: string;
  /** Whether there is a status subresource. */
  readonly hasStatus: boolean;
  /** Whether a CustomResourceDefinition defines it. */
  readonly custom?: boolean;
}

const STATUS = ["f:status"];
const SPEC = ["f:spec"];
const METADATA = ["f:metadata"];

/** Resources whose status subresource resets all metadata. */
const METADATA_RESET: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "apiregistration.k8s.io/apiservices",
  "flowcontrol.apiserver.k8s.io/flowschemas",
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations",
  "networking.k8s.io/servicecidrs",
  "resource.k8s.io/resourceclaims",
  "storage.k8s.io/volumeattachments",
]);

/** Filters that no rule gives, by group/resource/subresource. */
const SPECIAL: Readonly<Record<string, FieldFilter>> = {
  "apps/deployments/status": excluding(SPEC, ["f:metadata", "f:labels"]),
  "/pods/status": excluding(SPEC, ["f:metadata", "f:deletionTimestamp"], ["f:metadata", "f:ownerReferences"]),
  "/pods/ephemeralcontainers": including(["f:spec", "f:ephemeralContainers"]),
  "/pods/resize": including(
    ...["f:containers", "f:initContainers"].flatMap((list) => [
      ["f:spec", list, "*", "f:resources"],
      ["f:spec", list, "*", "f:resizePolicy"],
    ]),
  ),
  "/namespaces/finalize": excluding(STATUS),
  "certificates.k8s.io/certificatesigningrequests/": excluding(SPEC, STATUS),
  "certificates.k8s.io/certificatesigningrequests/status": excluding(SPEC, ["f:status", "f:conditions"]),
  "certificates.k8s.io/certificatesigningrequests/approval": excluding(SPEC, ["f:status", "f:certificate"]),
};

const withoutStatus = excluding(STATUS);
const withoutSpec = excluding(SPEC);
const withoutSpecAndMetadata = excluding(SPEC, METADATA);

/** The filter of a write to a resource or one of its subresources ("" for itself); undefined when it reaches all. */
export function fieldFilterOf(resource: FilteredResource, subresource: string): FieldFilter | undefined {
  const name = `${resource.group}/${resource.resource}`;
  const special = SPECIAL[`${name}/${subresource}`];
  if (special !== undefined) return special;
  if (subresource === "") return resource.hasStatus ? withoutStatus : undefined;
  if (subresource !== "status") return undefined;
  return resource.custom || METADATA_RESET.has(name) ? withoutSpecAndMetadata : withoutSpec;
}

function excluding(...paths: readonly PathElement[][]): FieldFilter {
  const excluded = setOfPaths(...paths);
  return (set) => differenceBelow(set, excluded);
}

/** Keeps what is at or below the paths; "*" is any step. */
function including(...paths: readonly PathElement[][]): FieldFilter {
  const pattern = setOfPaths(...paths);
  return (set) => matching(set, pattern);
}

function matching(set: FieldSet, pattern: FieldSet): FieldSet {
  const out: { [element: PathElement]: FieldSet } = {};
  for (const [element, node] of Object.entries(set)) {
    const below = pattern[element] ?? pattern["*"];
    if (element === SELF || below === undefined) continue;
    const kept = isEmptySet(below) ? node : nodeOf(isMember(node), matching(node, below));
    if (kept !== undefined) out[element] = kept;
  }
  return out;
}
