import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { loadKubeconfig } from "../../src/client/kubeconfig.ts";
import { selectConfig } from "../../src/client/kubeconfig-selection.ts";
import { inClusterNamespace, inClusterTransport, isInCluster, transportOf } from "../../src/client/kubeconfig-transport.ts";
import { openWebSocket } from "../../src/client/web-socket.ts";
import { createAuthority, createClientCertificate, createServingCertificate } from "../../src/daemon/certificates.ts";
import { systemClock } from "../../src/util/clock.ts";

const folder = mkdtempSync(join(tmpdir(), "skiff-tls-"));
const tunnels: string[] = [];
let server: https.Server;
let proxy: http.Server;
let port: number;
let authority: Awaited<ReturnType<typeof createAuthority>>;
let admin: typeof authority;

beforeAll(async () => {
  const now = systemClock.now();
  authority = await createAuthority("test-ca", now);
  admin = await createClientCertificate(authority, { name: "admin", groups: ["system:masters"] }, now);
  const serving = await createServingCertificate(authority, { dnsNames: ["kubernetes"], addresses: ["127.0.0.1"] }, now);
  server = https.createServer({ cert: serving.certificate, key: serving.key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ user: subject?.CN ?? null, authorization: request.headers.authorization ?? null }));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => socket.send(String((request.socket as TLSSocket).getPeerCertificate().subject.CN)));
  proxy = http.createServer().on("connect", (request, socket) => {
    tunnels.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
  });
  for (const listener of [server, proxy]) await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  for (const listener of [server, proxy]) {
    listener.closeAllConnections();
    listener.close();
  }
  rmSync(folder, { recursive: true });
});

function transportFor(cluster: object, user: object) {
  const path = join(folder, "kubeconfig");
  const entry = { clusters: [{ name: "c", cluster: { server: `https://127.0.0.1:${port}`, ...cluster } }], users: [{ name: "u", user }], contexts: [{ name: "x", context: { cluster: "c", user: "u" } }], "current-context": "x" };
  writeFileSync(path, JSON.stringify(entry));
  return transportOf(selectConfig(loadKubeconfig({}, path)), { env: {}, isTerminal: false });
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const whoAmI = { method: "GET", path: "/who" } as const;

it("proves who asks with a client certificate, also for WebSockets", async () => {
  const transport = transportFor({ "certificate-authority-data": base64(authority.certificate) }, { "client-certificate-data": base64(admin.certificate), "client-key-data": base64(admin.key) });
  expect((await transport.request(whoAmI)).body).toEqual({ user: "admin", authorization: null });
  const socket = await openWebSocket(transport, "/exec", []);
  const message = new Promise((resolve) => socket.once("message", resolve));
  socket.resume();
  expect(String(await message)).toBe("admin");
  socket.terminate();
  transport.close();
});

it("sends a token to a server that it trusts by a file, or by decision", async () => {
  writeFileSync(join(folder, "ca.crt"), authority.certificate);
  for (const cluster of [{ "certificate-authority": "ca.crt" }, { "insecure-skip-tls-verify": true }]) {
    const transport = transportFor(cluster, { token: "secret" });
    expect((await transport.request(whoAmI)).body).toEqual({ user: null, authorization: "Bearer secret" });
    transport.close();
  }
});

it("does not talk to a server that it cannot trust, and says why", async () => {
  const ca = { "certificate-authority-data": base64(authority.certificate) };
  await expect(transportFor({}, {}).request(whoAmI)).rejects.toThrow("tls: failed to verify certificate: x509: certificate signed by unknown authority");
  await expect(transportFor({ ...ca, "tls-server-name": "other.example" }, {}).request(whoAmI)).rejects.toThrow(/x509: certificate is valid for .*kubernetes.*, not other\.example/);
  const trusted = transportFor({ ...ca, "tls-server-name": "kubernetes" }, {});
  expect((await trusted.request(whoAmI)).status).toBe(200);
  trusted.close();
});

it("goes through a proxy", async () => {
  const address = proxy.address() as AddressInfo;
  const transport = transportFor({ "insecure-skip-tls-verify": true, "proxy-url": `http://me:pw@127.0.0.1:${address.port}` }, { token: "secret" });
  expect((await transport.request(whoAmI)).body).toEqual({ user: null, authorization: "Bearer secret" });
  expect(tunnels).toEqual([`127.0.0.1:${port} Basic bWU6cHc=`]);
});

it("works from a pod", async () => {
  for (const [file, content] of [["token", "pod-token\n"], ["ca.crt", authority.certificate], ["namespace", "shop"]] as const) writeFileSync(join(folder, file), content);
  const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(port) };
  expect([isInCluster(env, folder), isInCluster({}, folder), isInCluster(env, join(folder, "none"))]).toEqual([true, false, false]);
  expect(inClusterNamespace(env, folder)).toBe("shop");
  const transport = inClusterTransport(env, {}, folder);
  expect((await transport.request(whoAmI)).body).toEqual({ user: null, authorization: "Bearer pod-token" });
  transport.close();
});
