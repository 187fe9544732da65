// Behaviour: k8s.io/client-go/tools/portforward: listens here, and connects each connection to the pod.
import { isIP, createServer, type Server, type Socket } from "node:net";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { pods } from "../../api/resource-refs.ts";
import type { HttpTransport } from "../../client/http-transport.ts";
import { forwardConnection } from "../../client/port-forward.ts";
import { resourcePath } from "../../client/resource-path.ts";
import { PORT_FORWARD_PROTOCOLS, openWebSocket } from "../../client/web-socket.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { ForwardedPort } from "./ports.ts";

interface Address {
  readonly host: string;
  /** One of localhost's: it is enough when one of them can be had. */
  readonly either: boolean;
}

/** Forwards ports until the pod is gone or the user ends it. */
export async function forwardPorts(factory: Factory, pod: Pod, ports: readonly ForwardedPort[], addressTexts: readonly string[]): Promise<void> {
  const { io } = factory;
  const addresses = readAddresses(addressTexts);
  const transport = await factory.transport();
  const servers: Server[] = [];
  let listening = false;
  for (const port of ports) {
    try {
      servers.push(...(await listenOn(port, addresses, factory, transport, pod)));
      listening = true;
    } catch (error) {
      io.err(`Unable to listen on port ${port.local}: ${messageOf(error)}\n`);
    }
  }
  if (!listening) throw new CommandError(`unable to listen on any of the requested ports: [${ports.map(({ local, remote }) => `{${local} ${remote}}`).join(" ")}]`);
  try {
    await untilGone(factory, pod);
  } finally {
    for (const server of servers) server.close();
  }
  if (!io.signal.aborted) throw new CommandError("lost connection to pod");
}

function readAddresses(texts: readonly string[]): Address[] {
  const addresses = new Map<string, Address>();
  for (const text of texts) {
    if (text === "localhost") for (const host of ["127.0.0.1", "::1"]) addresses.set(host, addresses.get(host) ?? { host, either: true });
    else if (isIP(text) !== 0) addresses.set(text, { host: text, either: false });
    else throw new CommandError(`${text} is not a valid IP`);
  }
  return [...addresses.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** Listens on every address; the first one that is given a port settles it for the others. */
async function listenOn(port: ForwardedPort, addresses: readonly Address[], factory: Factory, transport: HttpTransport, pod: Pod): Promise<Server[]> {
  const servers: Server[] = [];
  const failures: { address: Address; error: unknown }[] = [];
  let { local } = port;
  for (const address of addresses) {
    const server = createServer({ allowHalfOpen: true }, (socket) => void connect(socket, local, port.remote, factory, transport, pod));
    try {
      local = await listen(server, address.host, local);
      servers.push(server);
      const host = address.host.includes(":") ? `[${address.host}]` : address.host;
      factory.io.out(`Forwarding from ${host}:${local} -> ${port.remote}\n`);
    } catch (error) {
      failures.push({ address, error });
    }
  }
  const eitherFailed = addresses.some(({ either }) => either) && addresses.filter(({ either }) => either).every((address) => failures.some((failure) => failure.address === address));
  if (eitherFailed || failures.some(({ address }) => !address.either)) {
    for (const server of servers) server.close();
    throw new CommandError(`Listeners failed to create with the following errors: [${failures.map(({ error }) => messageOf(error)).join(" ")}]`);
  }
  return servers;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = { EADDRINUSE: "bind: address already in use", EACCES: "bind: permission denied", EADDRNOTAVAIL: "bind: cannot assign requested address" }[error.code ?? ""] ?? error.message;
      const [family, at] = host.includes(":") ? ["tcp6", `[${host}]`] : ["tcp4", host];
      reject(new CommandError(`unable to create listener: Error listen ${family} ${at}:${port}: ${reason}`));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

async function connect(socket: Socket, local: number, remote: number, { io }: Factory, transport: HttpTransport, pod: Pod): Promise<void> {
  io.out(`Handling connection for ${local}\n`);
  socket.on("error", () => socket.destroy());
  try {
    const path = `${resourcePath(pods, pod.metadata.namespace ?? "", pod.metadata.name, "portforward")}?ports=${remote}`;
    await forwardConnection(await openWebSocket(transport, path, PORT_FORWARD_PROTOCOLS, io.signal), socket);
  } catch (error) {
    socket.destroy();
    if (!io.signal.aborted) io.err(`error: an error occurred forwarding ${local} -> ${remote}: ${messageOf(error)}\n`);
  }
}

/** Resolves when the pod is gone or runs no more. */
async function untilGone(factory: Factory, { metadata }: Pod): Promise<void> {
  const client = (await factory.client()).resource(pods, metadata.namespace);
  const { signal } = factory.io;
  const fieldSelector = `metadata.name=${metadata.name}`;
  while (!signal.aborted) {
    const { items, metadata: list } = await client.list({ fieldSelector });
    if (isGone(items[0], metadata.uid)) return;
    try {
      for await (const { type, object } of client.watch({ fieldSelector, resourceVersion: list.resourceVersion }, signal)) {
        if (type !== "BOOKMARK" && (type === "DELETED" || isGone(object, metadata.uid))) return;
      }
    } catch {
      // The watch broke: the list says how it is now.
    }
  }
}

function isGone(pod: Pod | undefined, uid: string | undefined): boolean {
  return pod === undefined || pod.metadata.uid !== uid || pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}
