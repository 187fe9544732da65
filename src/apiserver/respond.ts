// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/response.go: objects in the form that the client asked for.
import { notAcceptable } from "../api/errors.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { Call } from "./call.ts";
import { type ObjectBody, type ServerResponse, objectBody } from "./message.ts";
import { objectText, sharedObject } from "./object-storage.ts";
import { ANSWER_MEDIA_TYPES, type AnswerMediaType, type Negotiated, allowsResourceTransform, negotiate as negotiateAccept } from "./negotiation/accept.ts";
import type { Written } from "./registry/create-object.ts";
import type { Resource } from "./resource.ts";
import { partialMetadata } from "./tables/partial-metadata.ts";
import { makeTable, parseIncludeObject } from "./tables/table.ts";

const CUSTOM_MEDIA_TYPES: readonly AnswerMediaType[] = ["application/json", "application/yaml"];

/** What the client of a call accepts; throws a StatusError (406) when nothing of it can be served. */
export function negotiate(call: Call): Negotiated {
  return negotiateAccept(call.request.headers["accept"], {
    allowsTransform: allowsResourceTransform,
    ...(call.resource.type === undefined && { mediaTypes: CUSTOM_MEDIA_TYPES }),
  });
}

/** An answer of one object of the call's resource. */
export function respondObject(call: Call, status: number, written: Written): ServerResponse {
  const { resource } = call;
  const { entry } = written;
  const whole: ObjectBody =
    entry === undefined
      ? objectBody(written.object)
      : { type: "object", value: () => sharedObject(resource, entry), text: () => objectText(resource, entry) };
  return { status, headers: {}, warnings: call.warnings, body: transformObject(call, negotiate(call), resource, whole) };
}

function transformObject(call: Call, accepted: Negotiated, resource: Resource, whole: ObjectBody): ObjectBody {
  if (accepted.as === undefined) return whole;
  const object = whole.value() as KubernetesObject;
  if (accepted.as.kind === "Table") {
    const includeObject = parseIncludeObject(call.info.query.get("includeObject"));
    const { resourceVersion } = object.metadata;
    return objectBody(makeTable(resource, [object], { ...(resourceVersion !== undefined && { resourceVersion }) }, { includeObject, now: call.parts.clock.now() }));
  }
  if (accepted.as.kind === "PartialObjectMetadata") return objectBody(partialMetadata(object));
  throw notAcceptable(ANSWER_MEDIA_TYPES);
}

/** The entries of a list's answer. */
export interface ListContent {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
  readonly items: readonly ListItem[];
}

/** One item of a list, decoded or as text, each when it is needed. */
export interface ListItem {
  object(): KubernetesObject;
  text(): string;
}

/** An answer of a list of the call's resource. */
export function respondList(call: Call, content: ListContent): ServerResponse {
  const accepted = negotiate(call);
  const metadata = {
    resourceVersion: content.resourceVersion,
    ...((content.continue !== undefined || (call.resource.type === undefined && accepted.as === undefined)) && { continue: content.continue ?? "" }),
    ...(content.remainingItemCount !== undefined && { remainingItemCount: content.remainingItemCount }),
  };
  return { status: 200, headers: {}, warnings: call.warnings, body: listBody(call, accepted, metadata, content.items) };
}

function listBody(call: Call, accepted: Negotiated, metadata: Record<string, unknown>, items: readonly ListItem[]): ObjectBody {
  const { resource } = call;
  switch (accepted.as?.kind) {
    case "Table": {
      const includeObject = parseIncludeObject(call.info.query.get("includeObject"));
      return objectBody(makeTable(resource, items.map((item) => item.object()), metadata, { includeObject, now: call.parts.clock.now() }));
    }
    case "PartialObjectMetadataList":
      return objectBody({ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata, items: items.map((item) => partialMetadata(item.object())) });
    case undefined: {
      const head = { kind: resource.listKind ?? `${resource.kind}List`, apiVersion: resource.group === "" ? resource.version : `${resource.group}/${resource.version}`, metadata };
      const prefix = JSON.stringify({ kind: resource.kind, apiVersion: head.apiVersion }).slice(0, -1);
      const isCustom = resource.type === undefined;
      return {
        type: "object",
        value: () => ({ ...head, items: items.map((item) => item.object()) }),
        text: () => `${JSON.stringify(head).slice(0, -1)},"items":[${items.map((item) => (isCustom ? item.text() : withoutKind(item.text(), prefix))).join(",")}]}`,
      };
    }
    default:
      throw notAcceptable(ANSWER_MEDIA_TYPES);
  }
}

/** Items of built-in kinds stand in lists without kind and apiVersion. */
function withoutKind(text: string, prefix: string): string {
  return text.startsWith(prefix) && text[prefix.length] === "," ? `{${text.slice(prefix.length + 1)}` : text;
}
