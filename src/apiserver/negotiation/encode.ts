// Puts answers into the form that goes over the wire: JSON as it is, or indented, YAML, protobuf.
// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/{responsewriters,watch.go}.
import { stringify } from "yaml";
import { encodeProtobuf, encodeWatchEvent, hasProtobuf, PROTOBUF_MEDIA_TYPE } from "../../api/protobuf.ts";
import type { ObjectBody, ServerRequest, ServerResponse, WatchBody } from "../message.ts";
import { pickMediaType, wantsPretty } from "./accept.ts";

/** sigs.k8s.io/yaml's style: keys sorted, YAML 1.1's quoting. */
const YAML_STYLE = { aliasDuplicateObjects: false, lineWidth: 0, indentSeq: false, sortMapEntries: true, version: "1.1" } as const;

/**
 * The answer in the form that the request's Accept header asks for. Whoever takes JSON at all gets JSON, which is at hand;
 * what has no form that is wanted stays JSON too, errors for instance.
 */
export function encodeResponse(request: ServerRequest, response: ServerResponse): ServerResponse {
  const { body } = response;
  if (body.type !== "object" && body.type !== "watch") return response;
  const accept = request.headers["accept"];
  const mediaType = pickMediaType(accept, ["application/json"]) ?? pickMediaType(accept, [PROTOBUF_MEDIA_TYPE, "application/yaml"]);
  if (body.type === "watch") return mediaType === PROTOBUF_MEDIA_TYPE ? protobufWatch(response, body) : response;
  if (mediaType === PROTOBUF_MEDIA_TYPE) return protobufAnswer(response, body);
  if (mediaType === "application/yaml") return bytes(response, mediaType, stringify(JSON.parse(body.text()), YAML_STYLE));
  const isPretty = /;\s*pretty=1/.test(accept ?? "") || wantsPretty(queryOf(request), request.headers["user-agent"]);
  return isPretty ? bytes(response, "application/json", `${JSON.stringify(JSON.parse(body.text()), undefined, 2)}\n`) : response;
}

function queryOf({ url }: ServerRequest): URLSearchParams {
  const mark = url.indexOf("?");
  return new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
}

function bytes(response: ServerResponse, contentType: string, data: string | Uint8Array): ServerResponse {
  return { ...response, headers: { ...response.headers, "content-type": contentType }, body: { type: "bytes", data } };
}

function protobufAnswer(response: ServerResponse, body: ObjectBody): ServerResponse {
  const value = body.value() as { apiVersion?: string; kind?: string };
  if (!hasProtobuf(value.apiVersion ?? "", value.kind ?? "")) return response;
  return bytes(response, PROTOBUF_MEDIA_TYPE, encodeProtobuf(value));
}

function protobufWatch(response: ServerResponse, body: WatchBody): ServerResponse {
  return {
    ...response,
    headers: { ...response.headers, "content-type": `${PROTOBUF_MEDIA_TYPE};stream=watch` },
    body: {
      type: "watch",
      events: { start: (onEvent, onEnd) => body.events.start((event) => onEvent({ ...event, line: encodeWatchEvent(event.type, event.object) }), onEnd) },
    },
  };
}
