// Behaviour: k8s.io/endpointslice (reconcileByPortMapping): fits endpoints into slices while it changes as few slices as it can.
import type { Endpoint, EndpointPort, EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import { canonicalJson, semanticEqual } from "../../api/equality.ts";

/** At most so many endpoints in a slice. */
const MAX_ENDPOINTS = 100;

/** Endpoints that share ports and address family; a group without endpoints gets one empty slice. */
export interface EndpointGroup {
  readonly addressType: string;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** What to do to slices. */
export interface SlicePlan {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly delete: EndpointSlice[];
}

/** Plans how the existing slices become those of the groups. `make` gives an empty slice, `labels` what each slice must carry. */
export function planSlices(
  groups: readonly EndpointGroup[],
  existing: readonly EndpointSlice[],
  make: (addressType: string, ports: EndpointPort[]) => EndpointSlice,
  labels: Record<string, string>,
): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], delete: [] };
  const wanted = new Map(groups.map((group) => [groupId(group), group]));
  const slicesOf = Map.groupBy(existing, groupId);
  for (const [id, group] of wanted) planGroup(group, slicesOf.get(id) ?? [], make, labels, plan);
  for (const [id, slices] of slicesOf) if (!wanted.has(id)) plan.delete.push(...slices);
  reuseSlices(plan);
  return plan;
}

function planGroup(
  group: EndpointGroup,
  slices: readonly EndpointSlice[],
  make: (addressType: string, ports: EndpointPort[]) => EndpointSlice,
  labels: Record<string, string>,
  plan: SlicePlan,
): void {
  const missing = new Map(group.endpoints.map((endpoint) => [endpointId(endpoint), endpoint]));
  const drafts = slices.map((slice) => {
    const endpoints = (slice.endpoints ?? []).flatMap((endpoint) => {
      const id = endpointId(endpoint);
      const current = missing.get(id);
      missing.delete(id);
      return current === undefined ? [] : [current];
    });
    return { slice, endpoints, changed: !semanticEqual(endpoints, slice.endpoints) || !semanticEqual(labels, slice.metadata.labels) };
  });
  const fill = (draft: (typeof drafts)[number]) => {
    for (const [id, endpoint] of missing) {
      if (draft.endpoints.length >= MAX_ENDPOINTS) return;
      missing.delete(id);
      draft.endpoints.push(endpoint);
      draft.changed = true;
    }
  };
  for (const draft of drafts.filter(({ changed, endpoints }) => changed && endpoints.length > 0).sort((a, b) => b.endpoints.length - a.endpoints.length)) fill(draft);
  const fitting = drafts.filter(({ endpoints }) => missing.size > 0 && endpoints.length + missing.size <= MAX_ENDPOINTS);
  const fullest = fitting.sort((a, b) => b.endpoints.length - a.endpoints.length)[0];
  if (fullest !== undefined) fill(fullest);
  const rest = [...missing.values()];
  for (let start = 0; start < rest.length; start += MAX_ENDPOINTS) {
    plan.create.push({ ...make(group.addressType, [...group.ports]), endpoints: rest.slice(start, start + MAX_ENDPOINTS) });
  }
  if (group.endpoints.length === 0 && slices.length === 0) plan.create.push(make(group.addressType, [...group.ports]));
  for (const { slice, endpoints, changed } of drafts) {
    if (endpoints.length === 0 && group.endpoints.length > 0) plan.delete.push(slice);
    else if (changed) plan.update.push({ ...slice, metadata: { ...slice.metadata, labels }, endpoints });
  }
}

/** A slice that would be deleted becomes one that would be created. */
function reuseSlices(plan: SlicePlan): void {
  for (const old of plan.delete.slice()) {
    const index = plan.create.findLastIndex((slice) => slice.addressType === old.addressType);
    if (index < 0) continue;
    const [fresh] = plan.create.splice(index, 1);
    plan.delete.splice(plan.delete.indexOf(old), 1);
    if (fresh !== undefined) plan.update.push({ ...fresh, metadata: { ...old.metadata, labels: fresh.metadata.labels } });
  }
}

function groupId({ addressType, ports }: { addressType: string; ports?: readonly EndpointPort[] | null }): string {
  return `${addressType} ${(ports ?? []).map(canonicalJson).sort().join()}`;
}

function endpointId({ addresses, targetRef, hostname }: Endpoint): string {
  return `${addresses.join()} ${targetRef?.kind ?? ""} ${targetRef?.namespace ?? ""} ${targetRef?.name ?? ""} ${targetRef?.uid ?? ""} ${hostname ?? ""}`;
}
