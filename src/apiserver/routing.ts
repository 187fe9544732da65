// Behaviour: k8s.io/apiserver/pkg/endpoints/installer.go: one handler a verb, for the verbs a resource has.
import { StatusError, pathNotFound } from "../api/errors.ts";
import type { Call } from "./call.ts";
import { handlePatch } from "./handlers/patch-handler.ts";
import { handleGet, handleList } from "./handlers/read-handlers.ts";
import { handleCreate, handleDelete, handleDeleteCollection, handleUpdate } from "./handlers/write-handlers.ts";
import type { ServerResponse } from "./message.ts";
import type { Resource, Verb } from "./resource.ts";
import { findSubresource } from "./subresources/index.ts";
import type { Subresource } from "./subresources/subresource.ts";
import { handleWatch } from "./watch/watch-handler.ts";

/** Serves one resource request. */
export type Handler = (call: Call) => Promise<ServerResponse>;

const HANDLERS: Readonly<Record<Verb, Handler>> = {
  create: handleCreate,
  delete: handleDelete,
  deletecollection: handleDeleteCollection,
  get: handleGet,
  list: handleList,
  patch: (call) => handlePatch(call),
  update: (call) => handleUpdate(call),
  watch: handleWatch,
};

/** The verbs of a resource that names none. */
export const ALL_VERBS: readonly Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** The handler of a call; throws a StatusError: 404 for a path that is not there, 405 for a verb that the path has not. */
export function findHandler(call: Call): Handler {
  const { info, resource } = call;
  checkScope(call);
  if (info.subresource !== "") return subresourceHandler(call);
  if (info.rest !== "") throw pathNotFound();
  const verb = info.method === "HEAD" || info.method === "OPTIONS" ? undefined : verbOf(resource, info.verb);
  const onCollection = verb === "create" || verb === "list" || verb === "watch" || verb === "deletecollection";
  if (verb === undefined || onCollection !== (info.name === "")) throw methodNotAllowed();
  return HANDLERS[verb];
}

function checkScope({ info, resource }: Call): void {
  if (!resource.namespaced) {
    if (info.namespace !== "" && !(info.group === "" && info.resource === "namespaces")) throw pathNotFound();
    return;
  }
  if (info.namespace !== "") return;
  if (info.name !== "") throw pathNotFound();
  if (info.verb !== "list" && info.verb !== "watch") throw methodNotAllowed();
}

function verbOf(resource: Resource, verb: string): Verb | undefined {
  return (resource.verbs ?? ALL_VERBS).find((candidate) => candidate === verb);
}

function subresourceHandler(call: Call): Handler {
  const { info } = call;
  const subresource = findSubresource(call.resource, info.subresource);
  if (subresource === undefined) throw pathNotFound();
  if (subresource.serve !== undefined) return subresource.serve;
  if (info.rest !== "") throw pathNotFound();
  const verb = info.verb;
  const handler = verb === "get" || verb === "create" || verb === "update" || verb === "patch" || verb === "delete" ? subresource[verb] : undefined;
  if (handler === undefined || info.method === "HEAD") throw methodNotAllowed();
  return handler;
}

/** The handler of a call whose connection asks for another protocol; undefined when its path has none. */
export function findUpgradeHandler(call: Call): Subresource["upgrade"] {
  checkScope(call);
  return call.info.subresource === "" ? undefined : findSubresource(call.resource, call.info.subresource)?.upgrade;
}

/** 405 for a path that is there without that method. */
export function methodNotAllowed(): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "the server does not allow this method on the requested resource",
    reason: "MethodNotAllowed",
    details: {},
    code: 405,
  } as StatusError["status"]);
}
