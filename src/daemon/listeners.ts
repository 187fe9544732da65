// Where a cluster's API server listens: a Unix socket for the CLI, HTTPS on loopback, HTTPS where pods reach it.
import { chmodSync, rmSync } from "node:fs";
import { listen, type Listener, type ListenOptions } from "../apiserver/listener/listener.ts";
import type { ApiServer } from "../apiserver/server.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import { ADMINISTRATOR } from "./control-plane.ts";
import type { Pki } from "./pki.ts";

/** Where and with what to listen. */
export interface ListenerOptions {
  readonly socket: string;
  readonly port: number;
  /** This machine's address on the pod network. */
  readonly gateway: string;
  readonly pki: Pki;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The port of the Service `kubernetes`, which its name in pods leads to as well. */
const SERVICE_PORT = 443;

/** Opens every listener; rejects when the port on loopback is taken. */
export async function openListeners(server: ApiServer, options: ListenerOptions): Promise<Listener[]> {
  const { socket, port, gateway, pki, clock, logger } = options;
  const tls = { certificate: pki.serving.certificate, key: pki.serving.key, clientAuthority: pki.authority.certificate };
  rmSync(socket, { force: true });
  const local = await listen(server, { at: { path: socket }, user: ADMINISTRATOR, clock, logger });
  chmodSync(socket, 0o600);
  const loopback = await listen(server, { at: { host: "127.0.0.1", port }, tls, clock, logger }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new Error(`port ${port} of 127.0.0.1 is taken by another program: choose another with --port`, { cause: error }) : error;
  });
  const forPods = await Promise.all([port, SERVICE_PORT].map((each) => listenForPods(server, { at: { host: gateway, port: each }, tls, clock, logger })));
  return [local, loopback, ...forPods.filter((listener) => listener !== undefined)];
}

/**
 * Listens on the pod network where that is possible. Where the engine runs in a machine of its own its bridge is not ours to
 * listen on, and low ports may be the administrator's only: the log says so, and the cluster works without.
 */
async function listenForPods(server: ApiServer, options: ListenOptions & { at: { host: string; port: number } }): Promise<Listener | undefined> {
  try {
    return await listen(server, options);
  } catch (error) {
    options.logger.warn("pods cannot reach the API server at this address", { ...options.at, error });
    return undefined;
  }
}
