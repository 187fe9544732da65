// Behaviour: pkg/kubelet's WebSocket port forwarding: channel 0 carries data, channel 1 an error, each opens with the port's number.
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";

const DATA = 0;
const ERROR = 1;
const PORT_BYTES = 2;

/**
 * Connects a local connection to the port that the WebSocket was opened for (`?ports=8080`), until one of them ends.
 * Throws what the other side says went wrong.
 */
export async function forwardConnection(socket: WebSocket, local: Duplex): Promise<void> {
  const greeted = new Set<number>();
  let problem = "";
  const closed = Promise.withResolvers<void>();
  socket.on("error", closed.reject);
  socket.on("close", () => closed.resolve());
  socket.on("message", (data: Buffer) => {
    const channel = data[0] ?? DATA;
    const content = data.subarray(1 + (greeted.has(channel) ? 0 : PORT_BYTES));
    greeted.add(channel);
    if (channel === ERROR) problem += content.toString();
    else if (content.length > 0 && !local.write(content)) {
      socket.pause();
      local.once("drain", () => socket.resume());
    }
  });
  socket.resume();
  local.on("data", (chunk: Buffer) => {
    local.pause();
    socket.send(Buffer.concat([Buffer.from([DATA]), chunk]), () => local.resume());
  });
  local.once("error", () => socket.close());
  local.once("close", () => socket.close());
  local.once("end", () => socket.close());
  try {
    await closed.promise;
    if (problem !== "") throw new Error(problem);
  } finally {
    local.end();
  }
}
