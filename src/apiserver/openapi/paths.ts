// Serves /openapi/v2 and /openapi/v3: documents are made when they are first asked for, and kept compressed.
// Behaviour: k8s.io/kube-openapi/pkg/{handler,handler3}.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { createGzip, gunzip } from "node:zlib";
import { notAcceptable } from "../../api/errors.ts";
import { formatApiVersion } from "../../api/object.ts";
import { withVirtualResources } from "../discovery/virtual-resources.ts";
import { type ServerRequest, type ServerResponse, objectResponse } from "../message.ts";
import { pickMediaType } from "../negotiation/accept.ts";
import type { RequestInfo } from "../request-info.ts";
import type { Resource } from "../resource.ts";
import type { CustomSchema } from "./custom-definitions.ts";
import { groupVersionPath } from "./definition-names.ts";
import type { Documentation } from "./definitions.ts";
import { jsonPieces } from "./document.ts";

/** What OpenAPI is made from. */
export interface OpenApiOptions {
  /** Where the resources come from; those without a `type` are custom. */
  readonly source: { all(): readonly Resource[] };
  /** "v1.36.2" */
  readonly serverVersion: string;
  /** The schema of a custom resource's version; a changed schema comes with a new Resource record. */
  readonly customSchema?: CustomSchema;
}

const JSON_TYPE = "application/json";
const PROTOBUF_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const PROTOBUF_V2_OLD = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
const YEAR_SECONDS = 31_536_000;

const decompress = promisify(gunzip);

/** The path handler that answers for OpenAPI; rejects with a StatusError (406) for forms that there are not. */
export function openapiPaths(options: OpenApiOptions): (request: ServerRequest, info: RequestInfo) => Promise<ServerResponse | undefined> {
  const documents = new OpenApiDocuments(options);
  return (request, info) => documents.answer(request, info);
}

class OpenApiDocuments {
  private readonly options: Required<OpenApiOptions>;
  /** Compressed documents by what they are and the hash of what they are made from. */
  private readonly kept = new Map<string, { hash: string; bytes: Promise<Buffer> }>();
  private readonly fingerprints = new WeakMap<Resource, string>();

  constructor(options: OpenApiOptions) {
    this.options = { customSchema: () => undefined, ...options };
  }

  async answer(request: ServerRequest, info: RequestInfo): Promise<ServerResponse | undefined> {
    if (info.method !== "GET" && info.method !== "HEAD") return undefined;
    const path = info.path.replace(/\/$/, "");
    if (path === "/openapi/v3") return this.answerIndex(request);
    if (path === "/openapi/v2") return this.answerV2(request);
    if (path.startsWith("/openapi/v3/")) return this.answerV3(path.slice("/openapi/v3/".length), request, info);
    return undefined;
  }

  private answerIndex(request: ServerRequest): ServerResponse {
    wanted(request, [JSON_TYPE]);
    const paths = [...this.groupVersions()].map(([path, resources]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${this.hash(resources)}` }]);
    return objectResponse(200, { paths: Object.fromEntries(paths) });
  }

  private async answerV3(path: string, request: ServerRequest, info: RequestInfo): Promise<ServerResponse | undefined> {
    const resources = this.groupVersions().get(path);
    if (resources === undefined) return undefined;
    wanted(request, [JSON_TYPE]);
    const hash = this.hash(resources);
    const known = info.query.get("hash");
    if (known !== null && known !== hash) {
      return { status: 301, headers: { location: `/openapi/v3/${path}?hash=${hash}` }, warnings: [], body: { type: "bytes", data: "" } };
    }
    const caching = known === hash ? `public, immutable, max-age=${YEAR_SECONDS}` : "no-cache, private";
    return this.answerDocument(request, path, hash, JSON_TYPE, caching, async () => {
      const { openapiV3 } = await import("./v3.ts");
      return jsonPieces(openapiV3(resources, await documentation(), this.options.serverVersion, this.options.customSchema));
    });
  }

  private async answerV2(request: ServerRequest): Promise<ServerResponse> {
    const mediaType = wanted(request, [JSON_TYPE, PROTOBUF_V2, PROTOBUF_V2_OLD]);
    const resources = [...this.groupVersions().values()].flat();
    const hash = this.hash(resources);
    const isJson = mediaType === JSON_TYPE;
    return this.answerDocument(request, isJson ? "v2" : "v2 protobuf", hash, isJson ? JSON_TYPE : PROTOBUF_V2, "no-cache, private", async () => {
      const { openapiV2 } = await import("./v2.ts");
      const document = openapiV2(resources, await documentation(), this.options.serverVersion, this.options.customSchema);
      if (isJson) return jsonPieces(document);
      const { openapiV2Protobuf } = await import("./v2-protobuf.ts");
      return [openapiV2Protobuf(document)];
    });
  }

  private async answerDocument(request: ServerRequest, key: string, hash: string, contentType: string, caching: string, make: () => Promise<Iterable<string | Uint8Array>>): Promise<ServerResponse> {
    const etag = JSON.stringify(key.includes("protobuf") ? `${hash}-protobuf` : hash);
    const headers = { etag, vary: "Accept, Accept-Encoding", "cache-control": caching };
    if (request.headers["if-none-match"] === etag) return { status: 304, headers, warnings: [], body: { type: "bytes", data: "" } };
    let document = this.kept.get(key);
    if (document?.hash !== hash) {
      const bytes = make().then(compress);
      bytes.catch(() => this.kept.delete(key));
      document = { hash, bytes };
      this.kept.set(key, document);
    }
    const compressed = await document.bytes;
    const isCompressed = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    const data = isCompressed ? compressed : await decompress(compressed);
    return { status: 200, headers: { ...headers, "content-type": contentType, ...(isCompressed && { "content-encoding": "gzip" }) }, warnings: [], body: { type: "bytes", data } };
  }

  /** "apis/apps/v1" -> its resources. */
  private groupVersions(): Map<string, Resource[]> {
    const versions = new Map<string, Resource[]>();
    for (const resource of withVirtualResources(this.options.source.all())) {
      const path = groupVersionPath(resource);
      const list = versions.get(path);
      if (list === undefined) versions.set(path, [resource]);
      else list.push(resource);
    }
    return versions;
  }

  /** Changes whenever a document of these resources would. */
  private hash(resources: readonly Resource[]): string {
    const hash = createHash("sha512").update(this.options.serverVersion);
    for (const resource of resources) hash.update(this.fingerprint(resource));
    return hash.digest("hex").toUpperCase();
  }

  private fingerprint(resource: Resource): string {
    let fingerprint = this.fingerprints.get(resource);
    if (fingerprint === undefined) {
      const { kind, type, verbs, namespaced, status, scale, subresources } = resource;
      const views = [status !== undefined, scale !== undefined, Object.keys(subresources ?? {})];
      const schema = type === undefined ? this.options.customSchema(resource) : undefined;
      const facts = JSON.stringify([formatApiVersion(resource), resource.resource, kind, type, verbs, namespaced, views, schema]);
      fingerprint = createHash("sha256").update(facts).digest("base64");
      this.fingerprints.set(resource, fingerprint);
    }
    return fingerprint;
  }
}

function wanted(request: ServerRequest, offered: readonly string[]): string {
  const mediaType = pickMediaType(request.headers["accept"], offered);
  if (mediaType === undefined) throw notAcceptable(offered);
  return mediaType;
}

/** Compresses pieces as they are made, letting others run in between. */
function compress(pieces: Iterable<string | Uint8Array>): Promise<Buffer> {
  return buffer(Readable.from(pieces).compose(createGzip()));
}

/** The descriptions; parsed anew for each document, since documents are rarely made. */
async function documentation(): Promise<Documentation> {
  const { documentationText } = await import("../../api/generated/documentation.ts");
  return JSON.parse(documentationText) as Documentation;
}
