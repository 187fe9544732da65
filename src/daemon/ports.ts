// Finds the port that a new cluster answers on.
import { createServer } from "node:net";

/** Where the search for a free port begins: Kubernetes' own. */
const FIRST_PORT = 6443;
const LAST_PORT = 6543;

/** The first port from 6443 on that nobody listens on; throws an Error when a hundred are taken. */
export async function freePort(): Promise<number> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) if (await isFree(port)) return port;
  throw new Error(`every port from ${FIRST_PORT} to ${LAST_PORT} is taken: choose another with --port`);
}

/** Whether nobody listens on a port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
