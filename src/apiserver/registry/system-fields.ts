// Behaviour: k8s.io/apiserver/pkg/registry/rest/meta.go: the metadata that only the server sets.
import { badRequest } from "../../api/errors.ts";
import type { ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import { formatTime } from "../../util/clock.ts";
import { addWarning, type Call } from "../call.ts";

const MAX_NAME_LENGTH = 63;
const SUFFIX_LENGTH = 5;

/** Puts the request's namespace into an object that names none; throws when it names another. */
export function ensureNamespace(meta: ObjectMeta, namespace: string): void {
  if (namespace === "") delete meta.namespace;
  else if (meta.namespace === undefined || meta.namespace === "") meta.namespace = namespace;
  else if (meta.namespace !== namespace) throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
}

/** Checks that an object is the one of its path; throws a StatusError (400). */
export function checkName(name: string, inPath: string): void {
  if (name === "") throw badRequest(`the name of the object (${inPath} based on URL) was undeterminable: name must be provided`);
  if (name !== inPath) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${inPath})`);
}

/** Drops from a new object what clients may not set. */
export function wipeSystemFields(meta: ObjectMeta): void {
  delete meta.creationTimestamp;
  delete meta.uid;
  delete meta.deletionTimestamp;
  delete meta.deletionGracePeriodSeconds;
  delete meta.selfLink;
}

/** Gives a new object its identity; with a generateName only, a name too. */
export function fillSystemFields(call: Call, meta: ObjectMeta): void {
  meta.creationTimestamp = formatTime(call.parts.clock.now());
  meta.uid = call.parts.ids.uid();
  if (needsGeneratedName(meta)) meta.name = generateName(call, meta.generateName ?? "");
}

/** Whether the server is to choose the name. */
export function needsGeneratedName(meta: ObjectMeta): boolean {
  return (meta.generateName ?? "") !== "" && (meta.name ?? "") === "";
}

function generateName(call: Call, base: string): string {
  return base.slice(0, MAX_NAME_LENGTH - SUFFIX_LENGTH) + call.parts.ids.suffix(SUFFIX_LENGTH);
}

/** Keeps the first of owner references that say the same, and warns of the others. */
export function dropDuplicateOwners(call: Call, meta: ObjectMeta, afterMutatingAdmission: boolean): void {
  const owners = meta.ownerReferences;
  if (owners === undefined || owners.length < 2) return;
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  meta.ownerReferences = owners.filter((owner) => {
    const text = JSON.stringify([owner.apiVersion, owner.kind, owner.name, owner.uid, owner.controller, owner.blockOwnerDeletion]);
    if (!seen.has(text)) return seen.add(text);
    duplicates.add(owner.uid);
    return false;
  });
  if (duplicates.size === 0) return;
  const what = afterMutatingAdmission ? ".metadata.ownerReferences contains duplicate entries after mutating admission happens" : ".metadata.ownerReferences contains duplicate entries";
  addWarning(call, `${what}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...duplicates].join(",")}`);
}
