// Behaviour: pkg/controller/garbagecollector/graph_builder.go: who owns whom, kept current from the changes of all objects.
import type { OwnerReference } from "../../api/generated/types/meta/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import type { Change } from "../../client/informer.ts";

/** Keeps an object until the garbage collector has deleted the dependents that block it. */
export const FOREGROUND_FINALIZER = "foregroundDeletion";
/** Keeps an object until the garbage collector has made its dependents independent. */
export const ORPHAN_FINALIZER = "orphan";

/** An object, as far as ownership goes. */
export interface OwnedObject {
  readonly uid: string;
  readonly ref: ResourceRef;
  readonly namespace: string;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  /** Its deletion was asked for. */
  readonly deleting: boolean;
  /** It waits for the deletion of its dependents. */
  readonly deletingDependents: boolean;
  /** It waits for its dependents to be made independent. */
  readonly orphaning: boolean;
}

/** What to look at after a change: objects that may have to go, and owners whose dependents must be orphaned. */
export interface GraphEffects {
  readonly attemptDelete: readonly string[];
  readonly attemptOrphan: readonly string[];
}

/** The graph of owners and dependents. */
export class OwnerGraph {
  private readonly objects = new Map<string, OwnedObject>();
  private readonly dependents = new Map<string, Set<string>>();

  get(uid: string): OwnedObject | undefined {
    return this.objects.get(uid);
  }

  /** The objects that name this uid as an owner. */
  dependentsOf(uid: string): OwnedObject[] {
    return [...(this.dependents.get(uid) ?? [])].flatMap((dependent) => this.objects.get(dependent) ?? []);
  }

  /** Takes a change in. */
  observe(ref: ResourceRef, { type, object }: Change): GraphEffects {
    return type === "deleted" ? this.remove(object.metadata.uid ?? "") : this.put(ownedObject(ref, object));
  }

  /** Takes an object out that is gone. */
  remove(uid: string): GraphEffects {
    const gone = this.objects.get(uid);
    this.objects.delete(uid);
    for (const owner of gone?.owners ?? []) this.unlink(owner.uid, uid);
    const dependents = this.dependentsOf(uid).map((dependent) => dependent.uid);
    return { attemptDelete: [...dependents, ...this.waitingOwners(gone?.owners ?? [])], attemptOrphan: [] };
  }

  private put(object: OwnedObject): GraphEffects {
    const before = this.objects.get(object.uid);
    this.objects.set(object.uid, object);
    for (const owner of before?.owners ?? []) this.unlink(owner.uid, object.uid);
    for (const owner of object.owners) this.link(owner.uid, object.uid);

    const attemptDelete: string[] = [];
    if (before === undefined ? object.owners.length > 0 : !sameOwners(before, object)) attemptDelete.push(object.uid);
    if (before !== undefined) attemptDelete.push(...this.waitingOwners(before.owners));
    if (object.deletingDependents && before?.deletingDependents !== true) {
      attemptDelete.push(object.uid, ...this.dependentsOf(object.uid).map((dependent) => dependent.uid));
    }
    return { attemptDelete, attemptOrphan: object.orphaning && before?.orphaning !== true ? [object.uid] : [] };
  }

  private waitingOwners(owners: readonly OwnerReference[]): string[] {
    return owners.map((owner) => owner.uid).filter((uid) => this.objects.get(uid)?.deletingDependents === true);
  }

  private link(owner: string, dependent: string): void {
    const dependents = this.dependents.get(owner);
    if (dependents === undefined) this.dependents.set(owner, new Set([dependent]));
    else dependents.add(dependent);
  }

  private unlink(owner: string, dependent: string): void {
    const dependents = this.dependents.get(owner);
    dependents?.delete(dependent);
    if (dependents?.size === 0) this.dependents.delete(owner);
  }
}

/** What the graph keeps of an object. */
export function ownedObject(ref: ResourceRef, { metadata }: KubernetesObject): OwnedObject {
  const deleting = metadata.deletionTimestamp !== undefined;
  const waitsFor = (finalizer: string) => deleting && metadata.finalizers?.includes(finalizer) === true;
  return {
    uid: metadata.uid ?? "",
    ref,
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
    owners: metadata.ownerReferences ?? [],
    deleting,
    deletingDependents: waitsFor(FOREGROUND_FINALIZER),
    orphaning: waitsFor(ORPHAN_FINALIZER),
  };
}

function sameOwners(a: OwnedObject, b: OwnedObject): boolean {
  return (
    a.owners.length === b.owners.length &&
    a.owners.every((owner, index) => owner.uid === b.owners[index]?.uid && owner.blockOwnerDeletion === b.owners[index]?.blockOwnerDeletion)
  );
}
