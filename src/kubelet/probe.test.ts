import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Probe } from "../api/generated/types/core/v1.ts";
import { systemClock } from "../util/clock.ts";
import type { ProcessResult } from "../util/process.ts";
import { dockerCli } from "./docker.ts";
import { container } from "./pod-fixture.ts";
import { proberOn } from "./probe.ts";

const http = createServer((request, response) => {
  if (request.url === "/moved") response.writeHead(302, { location: "http://elsewhere.invalid/" }).end("away");
  else response.writeHead(request.url === "/ok" ? 200 : 503).end(String(request.headers["user-agent"]));
});
const grpc = createHttp2Server();
grpc.on("stream", (stream) => {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, 1]));
});
let httpPort = 0;
let grpcPort = 0;
let answer: ProcessResult = { exitCode: 0, stdout: "", stderr: "" };

beforeAll(async () => {
  for (const server of [http, grpc]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  httpPort = (http.address() as AddressInfo).port;
  grpcPort = (grpc.address() as AddressInfo).port;
});
afterAll(() => {
  http.close();
  grpc.close();
});

function probe(spec: Probe) {
  const run = proberOn(dockerCli(async () => answer), systemClock);
  return run(spec, { container: container("c", { ports: [{ name: "web", containerPort: httpPort }] }), containerId: "id", podIP: "127.0.0.1" });
}

it("is content with a page, by the port's name too", async () => {
  expect(await probe({ httpGet: { path: "/ok", port: "web" } })).toEqual({ result: "success" });
});

it("says which status a page had", async () => {
  expect(await probe({ httpGet: { path: "/", port: httpPort } })).toEqual({ result: "failure", output: "HTTP probe failed with statuscode: 503" });
});

it("warns of a page that is elsewhere", async () => {
  expect(await probe({ httpGet: { path: "/moved", port: httpPort } })).toEqual({ result: "warning", output: "Probe terminated redirects, Response body: away" });
});

it("tells refused connections in Go's words", async () => {
  expect(await probe({ httpGet: { path: "/x", port: 9 } })).toEqual({ result: "failure", output: 'Get "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused' });
  expect(await probe({ tcpSocket: { port: 9 } })).toEqual({ result: "failure", output: "dial tcp 127.0.0.1:9: connect: connection refused" });
  expect(await probe({ tcpSocket: { port: httpPort } })).toEqual({ result: "success" });
});

it("errs when the port's name is unknown", async () => {
  expect(await probe({ tcpSocket: { port: "none" } })).toEqual({ result: "error", message: 'strconv.Atoi: parsing "none": invalid syntax' });
});

it("asks a gRPC server for its health", async () => {
  expect(await probe({ grpc: { port: grpcPort } })).toEqual({ result: "success" });
});

it("goes by a command's exit code", async () => {
  answer = { exitCode: 1, stdout: "out", stderr: "err" };
  expect(await probe({ exec: { command: ["x"] } })).toEqual({ result: "failure", output: "outerr" });
  answer = { exitCode: 1, stdout: "", stderr: "Error response from daemon: Container id is not running\n" };
  expect(await probe({ exec: { command: ["x"] } })).toEqual({ result: "error", message: "Error response from daemon: Container id is not running" });
});
