// Behaviour: k8s.io/cli-runtime/pkg/resource (Helper): single objects and lists as they are asked from the server.
import { StatusError, isNotFound } from "../api/errors.ts";
import type { UnstructuredObject } from "../api/object.ts";
import { namespaces } from "../api/resource-refs.ts";
import { type Query, withQuery } from "../client/resource-path.ts";
import { requestBody } from "../client/rest-client.ts";
import type { Transport } from "../client/transport.ts";
import { type ResourceMapping, objectPath } from "./rest-mapper.ts";

/** Where an object, or a subresource of it, is. */
export interface ObjectLocation {
  readonly mapping: ResourceMapping;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

/** Which objects of a resource are listed, and in which form. */
export interface ListQuery {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly chunkSize?: number;
  readonly accept?: string;
  readonly parameters?: Query;
}

/** Fetches one object; where its namespace is missing too, that is what the error says. */
export async function getObject(transport: Transport, object: ObjectLocation, accept?: string, parameters: Query = {}): Promise<UnstructuredObject> {
  const { mapping, namespace, name, subresource } = object;
  try {
    const path = withQuery(objectPath(mapping, namespace, name, subresource), parameters);
    return await requestBody(transport, { method: "GET", path, ...(accept !== undefined && { headers: { accept } }) });
  } catch (error) {
    if (isNotFound(error) && mapping.namespaced && namespace !== "" && namespace !== "default") await checkNamespace(transport, namespace);
    throw error;
  }
}

async function checkNamespace(transport: Transport, namespace: string): Promise<void> {
  try {
    await requestBody(transport, { method: "GET", path: objectPath(namespaces, "", namespace) });
  } catch (error) {
    if (isNotFound(error)) throw error;
  }
}

/** Lists a resource page by page as --chunk-size says. */
export async function* listPages(transport: Transport, mapping: ResourceMapping, namespace: string, query: ListQuery): AsyncGenerator<UnstructuredObject> {
  let next: string | undefined;
  do {
    const path = withQuery(objectPath(mapping, namespace), {
      ...query.parameters,
      labelSelector: query.labelSelector,
      fieldSelector: query.fieldSelector,
      limit: query.chunkSize === 0 ? undefined : query.chunkSize,
      continue: next,
    });
    let list: UnstructuredObject;
    try {
      list = await requestBody(transport, { method: "GET", path, ...(query.accept !== undefined && { headers: { accept: query.accept } }) });
    } catch (error) {
      throw listError(error, mapping, query);
    }
    yield list;
    next = (list.metadata as { continue?: string } | undefined)?.continue;
  } while (next !== undefined && next !== "");
}

/** Says what was listed, where the server's message alone would not (resource.EnhanceListError). */
function listError(error: unknown, mapping: ResourceMapping, { labelSelector = "", fieldSelector = "" }: ListQuery): unknown {
  if (!(error instanceof StatusError) || !["BadRequest", "NotFound"].includes(error.reason)) return error;
  const what = JSON.stringify(`${mapping.group}/${mapping.version}, Resource=${mapping.resource}`);
  const start =
    labelSelector === "" && fieldSelector === ""
      ? `Unable to list ${what}`
      : `Unable to find ${what} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}`;
  return new StatusError({ ...error.status, message: `${start}: ${error.status.message ?? ""}` });
}
