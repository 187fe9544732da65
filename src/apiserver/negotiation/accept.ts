// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/negotiation: which form of an answer a client asks for.
import { notAcceptable } from "../../api/errors.ts";

/** The media types of answers, the default first. */
export type AnswerMediaType = "application/json" | "application/yaml" | "application/vnd.kubernetes.protobuf";

/** All of them, in the order that messages name them. */
export const ANSWER_MEDIA_TYPES: readonly AnswerMediaType[] = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/** What an Accept header led to. */
export interface Negotiated {
  readonly mediaType: AnswerMediaType;
  /** Whether the client asked for indented JSON in the Accept header. */
  readonly pretty: boolean;
  /** The kind to transform the answer to, e.g. Table of meta.k8s.io/v1. */
  readonly as?: { readonly group: string; readonly version: string; readonly kind: string };
}

/** Narrows what may be negotiated. */
export interface NegotiationLimits {
  /** Defaults to all; custom resources have no protobuf. */
  readonly mediaTypes?: readonly AnswerMediaType[];
  /** Whether the answer can be had as that kind in that media type; defaults to none. */
  allowsTransform?(as: { readonly group: string; readonly version: string; readonly kind: string }, mediaType: AnswerMediaType): boolean;
}

/**
 * Finds the best form of an answer for an Accept header (absent: JSON). Throws a StatusError (406) that names what can be had
 * when nothing can.
 */
export function negotiate(accept: string | undefined, limits: NegotiationLimits = {}): Negotiated {
  const mediaTypes = limits.mediaTypes ?? ANSWER_MEDIA_TYPES;
  if (accept === undefined || accept === "") return { mediaType: mediaTypes[0] ?? "application/json", pretty: false };
  for (const clause of parseAccept(accept)) {
    for (const mediaType of mediaTypes) {
      if (!matches(clause, mediaType)) continue;
      const negotiated = withParameters(mediaType, clause.parameters, limits);
      if (negotiated !== undefined) return negotiated;
    }
  }
  throw notAcceptable(mediaTypes);
}

/** The first of some media types that an Accept header wants most; undefined when it wants none of them. */
export function pickMediaType(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept === "") return offered[0];
  for (const clause of parseAccept(accept)) {
    const found = offered.find((mediaType) => matches(clause, mediaType));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The transforms of resources: tables and metadata alone, tables not in protobuf. */
export function allowsResourceTransform(as: { readonly group: string; readonly version: string; readonly kind: string }, mediaType: AnswerMediaType): boolean {
  if (as.group !== "meta.k8s.io" || (as.version !== "v1" && as.version !== "v1beta1")) return false;
  if (as.kind === "Table") return mediaType !== "application/vnd.kubernetes.protobuf";
  return as.kind === "PartialObjectMetadata" || as.kind === "PartialObjectMetadataList";
}

/** Whether the client wants indented JSON: by its `pretty` parameter, else by what it is. */
export function wantsPretty(query: URLSearchParams, userAgent: string | undefined): boolean {
  const pretty = query.get("pretty");
  if (pretty !== null && pretty !== "") return ["1", "t", "T", "true", "TRUE", "True"].includes(pretty);
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent ?? "");
}

interface Clause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** An Accept header's clauses, the wanted most first. */
function parseAccept(accept: string): Clause[] {
  const clauses = accept.split(",").flatMap((text) => {
    const [range = "", ...parts] = text.split(";").map((part) => part.trim());
    const [type = "", subtype] = range === "*" ? ["*", "*"] : range.split("/");
    if (type === "" || subtype === undefined || subtype === "") return [];
    const parameters = new Map(parts.map((part) => splitParameter(part)));
    const quality = Number(parameters.get("q") ?? "1");
    parameters.delete("q");
    return [{ type: type.toLowerCase(), subtype: subtype.toLowerCase(), quality: Number.isFinite(quality) ? quality : 1, parameters }];
  });
  return clauses.sort((left, right) => right.quality - left.quality || wildness(left) - wildness(right));
}

function wildness(clause: Clause): number {
  return clause.type === "*" ? 2 : clause.subtype === "*" ? 1 : 0;
}

function splitParameter(part: string): [string, string] {
  const [name = "", value = ""] = part.split("=", 2);
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, "$1")];
}

function matches(clause: Clause, mediaType: string): boolean {
  const [type, subtype] = mediaType.split("/");
  if (clause.type === "*") return clause.subtype === "*";
  return clause.type === type && (clause.subtype === subtype || clause.subtype === "*");
}

function withParameters(mediaType: AnswerMediaType, parameters: ReadonlyMap<string, string>, limits: NegotiationLimits): Negotiated | undefined {
  const stream = parameters.get("stream") ?? "";
  if ((stream !== "" && stream !== "watch") || (parameters.get("sv") ?? "") !== "") return undefined;
  const pretty = parameters.get("pretty") === "1";
  if (!["as", "g", "v"].some((name) => parameters.has(name))) return { mediaType, pretty };
  const as = { group: parameters.get("g") ?? "", version: parameters.get("v") ?? "", kind: parameters.get("as") ?? "" };
  return limits.allowsTransform?.(as, mediaType) ? { mediaType, pretty, as } : undefined;
}
