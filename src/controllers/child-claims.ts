// Behaviour: pkg/controller/controller_ref_manager.go: how control of an object is taken and let go.
import { isInvalid, isNotFound } from "../api/errors.ts";
import type { KubernetesObject } from "../api/object.ts";
import { controllerOf, controllerReference } from "../api/owner-references.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";

/** What claiming needs to know of the owner and of its possible children. */
export interface Claim<C extends KubernetesObject> {
  readonly client: ApiClient;
  readonly owner: KubernetesObject;
  readonly ownerKind: ResourceRef;
  readonly childKind: ResourceRef<C>;
  readonly matches: (child: C) => boolean;
}

/** The children that belong to the owner, after orphans that match were adopted and children that match no more were released. */
export async function claimChildren<C extends KubernetesObject>(claim: Claim<C>, candidates: readonly C[]): Promise<C[]> {
  const claimed: C[] = [];
  const failures: unknown[] = [];
  let mayAdopt: Promise<void> | undefined;
  for (const child of candidates) {
    try {
      const reference = controllerOf(child.metadata);
      if (reference !== undefined) {
        if (reference.uid !== claim.owner.metadata.uid) continue;
        if (claim.matches(child)) claimed.push(child);
        else if (claim.owner.metadata.deletionTimestamp === undefined) await release(claim, child);
      } else if (claim.owner.metadata.deletionTimestamp === undefined && child.metadata.deletionTimestamp === undefined && claim.matches(child)) {
        mayAdopt ??= checkOwner(claim);
        await mayAdopt;
        await adopt(claim, child);
        claimed.push(child);
      }
    } catch (error) {
      if (!isNotFound(error)) failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return claimed;
}

/** Adopting reads the owner again: one that was deleted in between must not take children along. */
async function checkOwner<C extends KubernetesObject>(claim: Claim<C>): Promise<void> {
  const { namespace = "", name = "", uid } = claim.owner.metadata;
  const fresh = await claim.client.resource(claim.ownerKind, namespace).get(name);
  if (fresh.metadata.uid !== uid) {
    throw new Error(`original ${claim.ownerKind.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`);
  }
  if (fresh.metadata.deletionTimestamp !== undefined) {
    throw new Error(`${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`);
  }
}

async function adopt<C extends KubernetesObject>(claim: Claim<C>, child: C): Promise<void> {
  const patch = { metadata: { ownerReferences: [controllerReference(claim.owner, claim.ownerKind)], uid: child.metadata.uid } };
  await patchChild(claim, child, patch);
}

async function release<C extends KubernetesObject>(claim: Claim<C>, child: C): Promise<void> {
  const patch = { metadata: { ownerReferences: [{ $patch: "delete", uid: claim.owner.metadata.uid }], uid: child.metadata.uid } };
  try {
    await patchChild(claim, child, patch);
  } catch (error) {
    if (!isNotFound(error) && !isInvalid(error)) throw error;
  }
}

async function patchChild<C extends KubernetesObject>(claim: Claim<C>, child: C, patch: object): Promise<void> {
  const children = claim.client.resource(claim.childKind, child.metadata.namespace ?? "");
  await children.patch(child.metadata.name ?? "", "application/strategic-merge-patch+json", patch);
}
