import { expect, test } from "vitest";
import { decodeContinue, encodeContinue } from "./continue-token.ts";
import { parseRequestInfo } from "./request-info.ts";

test.each([
  ["GET", "/api/v1/namespaces/ns/pods", { verb: "list", resource: "pods", namespace: "ns", name: "" }],
  ["GET", "/api/v1/pods?watch=true", { verb: "watch", resource: "pods", namespace: "" }],
  ["GET", "/api/v1/pods?watch=0", { verb: "list" }],
  ["DELETE", "/api/v1/namespaces/ns/pods", { verb: "deletecollection", resource: "pods" }],
  ["PUT", "/apis/apps/v1/namespaces/ns/deployments/d/scale", { verb: "update", group: "apps", version: "v1", resource: "deployments", name: "d", subresource: "scale" }],
  ["GET", "/api/v1/namespaces/ns", { verb: "get", resource: "namespaces", name: "ns", namespace: "ns" }],
  ["PUT", "/api/v1/namespaces/ns/finalize", { verb: "update", resource: "namespaces", name: "ns", subresource: "finalize" }],
  ["GET", "/api/v1/namespaces/ns/services/s:80/proxy/a%20b/c/?x=1", { resource: "services", name: "s:80", subresource: "proxy", rest: "/a%20b/c/" }],
  ["GET", "/api/v1/namespaces/ns/pods/p/proxy/", { subresource: "proxy", rest: "/" }],
  ["GET", "/api/v1/namespaces/ns/pods/p/proxy", { subresource: "proxy", rest: "" }],
  ["GET", "/apis/apps/v1", { isResourceRequest: false, verb: "get" }],
  ["GET", "/metrics", { isResourceRequest: false, path: "/metrics" }],
])("%s %s", (method, url, expected) => {
  expect(parseRequestInfo(method, url)).toMatchObject(expected);
});

test("continue tokens come back as they were, and foreign ones do not", () => {
  const token = { revision: 17, after: "ns/näme" };
  expect(decodeContinue(encodeContinue(token))).toEqual(token);
  for (const text of ["zzz", "!", "e30", Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"../x"}').toString("base64url")]) {
    expect(() => decodeContinue(text)).toThrow(/^invalid continue token: continue key is not valid/);
  }
});
