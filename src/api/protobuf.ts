// Objects of built-in kinds as protocol buffers: what typed clients send, and what some accept nothing but.
import { typeNameOf } from "./type-names.ts";

export { decodeMessageOf, decodeProtobuf, openEnvelope, type ProtobufEnvelope } from "./protobuf-decoder.ts";
export { encodeProtobuf, encodeWatchEvent } from "./protobuf-encoder.ts";
export { ProtobufError } from "./protobuf-wire.ts";

/** The media type of bodies and answers. */
export const PROTOBUF_MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

/** Whether objects of that kind can be encoded. */
export function hasProtobuf(apiVersion: string, kind: string): boolean {
  return typeNameOf(apiVersion, kind) !== undefined;
}
