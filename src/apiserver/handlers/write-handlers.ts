// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/create.go, update.go and delete.go.
import { cloneDecoded } from "../../api/decode.ts";
import { conflict, isNotFound } from "../../api/errors.ts";
import type { DeleteOptions } from "../../api/generated/types/meta/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { decodeBody, decodeDeleteOptions } from "../body.ts";
import { type Call, callNamespace } from "../call.ts";
import { trackUpdate } from "../field-tracking.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import { parseDeleteOptions, parseListOptions, parseWriteOptions, validateDeleteOptions } from "../options.ts";
import { createObject } from "../registry/create-object.ts";
import { deleteObject, type Deletion } from "../registry/delete-object.ts";
import { checkName, ensureNamespace } from "../registry/system-fields.ts";
import { updateObject } from "../registry/update-object.ts";
import type { SubresourceStrategy } from "../resource.ts";
import { type ListItem, negotiate, respondList, respondObject } from "../respond.ts";
import { parseSelection } from "../selection.ts";
import { listEntries, listItem } from "./read-handlers.ts";

/** POST to a collection. */
export async function handleCreate(call: Call): Promise<ServerResponse> {
  const { resource } = call;
  negotiate(call);
  const options = parseWriteOptions(call.info.query, "CreateOptions");
  const object = decodeBody(call, resource, options.fieldValidation);
  resource.defaults?.(object);
  return respondObject(call, 201, await createObject(call, object, options));
}

/** PUT of an object, or (with a strategy) of one of its subresources. */
export async function handleUpdate(call: Call, strategy?: SubresourceStrategy<KubernetesObject>): Promise<ServerResponse> {
  const { resource, info } = call;
  negotiate(call);
  const options = parseWriteOptions(call.info.query, "UpdateOptions");
  const body = decodeBody(call, resource, options.fieldValidation);
  ensureNamespace(body.metadata, callNamespace(call));
  checkName(body.metadata.name ?? "", info.name);
  resource.defaults?.(body);
  const { uid } = body.metadata;
  const updated = await updateObject(call, {
    name: info.name,
    options,
    allowCreate: strategy === undefined && resource.allowCreateOnUpdate === true,
    ...(strategy && { strategy }),
    precondition(existing) {
      if (uid === undefined || uid === "" || uid === existing?.metadata.uid) return;
      throw conflict(resource, info.name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${existing?.metadata.uid ?? ""}`);
    },
    make(existing) {
      const next = cloneDecoded(body);
      trackUpdate(call, existing, next, options);
      return next;
    },
  });
  return respondObject(call, updated.created ? 201 : 200, updated);
}

/** DELETE of an object. */
export async function handleDelete(call: Call): Promise<ServerResponse> {
  negotiate(call);
  const options = validateDeleteOptions(deleteOptions(call));
  const deletion = await deleteObject(call, call.info.name, options);
  const status = !deletion.deleted && options.orphanDependents === false ? 202 : 200;
  if (deletion.returnsObject) return respondObject(call, status, deletion);
  return objectResponse(status, deletedStatus(call, deletion), call.warnings);
}

function deleteOptions(call: Call): DeleteOptions {
  return decodeDeleteOptions(call) ?? parseDeleteOptions(call.info.query);
}

function deletedStatus(call: Call, { object }: Deletion): object {
  const { group, resource } = call.resource;
  const { name, uid } = object.metadata;
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details: { name, ...(group !== "" && { group }), kind: resource, uid } };
}

/** DELETE of a collection. */
export async function handleDeleteCollection(call: Call): Promise<ServerResponse> {
  negotiate(call);
  const listOptions = parseListOptions(call.info.query);
  const selection = parseSelection(call, listOptions);
  const options = validateDeleteOptions(deleteOptions(call));
  const page = await listEntries(call, listOptions, selection);
  const items: ListItem[] = [];
  await Promise.all(
    page.entries.map(async (entry) => {
      const item = listItem(call, entry);
      const { name = "", namespace = "" } = item.object().metadata;
      items.push(item);
      const one: Call = { ...call, info: { ...call.info, name, namespace } };
      await deleteObject(one, name, options).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }),
  );
  return respondList(call, { resourceVersion: String(page.revision), items });
}
