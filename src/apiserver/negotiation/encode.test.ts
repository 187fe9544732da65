import { expect, test } from "vitest";
import { decodeMessageOf, decodeProtobuf } from "../../api/protobuf.ts";
import { objectResponse, type ServerRequest, type ServerResponse } from "../message.ts";
import { encodeResponse } from "./encode.ts";

const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "1" } };

function request(headers: Record<string, string>, url = "/"): ServerRequest {
  return { method: "GET", url, headers, signal: new AbortController().signal };
}

function dataOf({ body }: ServerResponse): Buffer {
  return Buffer.from(body.type === "bytes" ? body.data : "");
}

test("an answer takes the form that is asked for", () => {
  const answer = objectResponse(200, configMap);
  expect(encodeResponse(request({ accept: "application/vnd.kubernetes.protobuf,application/json" }), answer)).toBe(answer);
  const protobuf = encodeResponse(request({ accept: "application/vnd.kubernetes.protobuf" }), answer);
  expect(protobuf.headers["content-type"]).toBe("application/vnd.kubernetes.protobuf");
  expect(decodeProtobuf(dataOf(protobuf))).toEqual(configMap);
  const yaml = encodeResponse(request({ accept: "application/yaml" }), answer);
  expect([yaml.headers["content-type"], dataOf(yaml).toString()]).toEqual(["application/yaml", 'apiVersion: v1\ndata:\n  a: "1"\nkind: ConfigMap\nmetadata:\n  name: c\n']);
  expect(dataOf(encodeResponse(request({ "user-agent": "curl/8.0" }), answer)).toString()).toContain('{\n  "apiVersion": "v1",');
  expect(encodeResponse(request({ "user-agent": "curl/8.0" }, "/?pretty=false"), answer)).toBe(answer);
});

test("a kind that has no protobuf stays JSON", () => {
  const answer = objectResponse(200, { apiVersion: "example.com/v1", kind: "Widget" });
  expect(encodeResponse(request({ accept: "application/vnd.kubernetes.protobuf" }), answer)).toBe(answer);
});

test("watch events are framed for who reads protobuf", () => {
  const lines: Uint8Array[] = [];
  const answer: ServerResponse = {
    status: 200,
    headers: {},
    warnings: [],
    body: {
      type: "watch",
      events: {
        start: (onEvent, onEnd) => {
          onEvent({ type: "ADDED", object: configMap, line: Buffer.from("{}\n") });
          onEnd();
          return () => undefined;
        },
      },
    },
  };
  const { headers, body } = encodeResponse(request({ accept: "application/vnd.kubernetes.protobuf;stream=watch" }), answer);
  if (body.type === "watch") body.events.start((event) => lines.push(event.line), () => undefined);
  expect(headers["content-type"]).toBe("application/vnd.kubernetes.protobuf;stream=watch");
  expect(decodeMessageOf("meta.v1.WatchEvent", (lines[0] ?? new Uint8Array()).subarray(4))).toEqual({ type: "ADDED", object: configMap });
});
