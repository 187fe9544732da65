// A client that costs little: requests made beforehand, on raw connections, so that a bench measures the server and not itself.
import { type Socket, connect } from "node:net";

/** The bytes of a request, ready to be sent. */
export function rawRequest(method: string, path: string, body?: object): Buffer {
  const payload = body === undefined ? "" : JSON.stringify(body);
  const headers = body === undefined ? "" : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(payload)}\r\n`;
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: bench\r\nuser-agent: bench/1\r\n${headers}\r\n${payload}`);
}

/** One connection that asks for one thing after another. */
export class RawConnection {
  private readonly socket: Socket;
  private chunks: Buffer[] = [];
  private size = 0;
  private expected = 0;
  private settle: { resolve: (bytes: number) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    socket.on("close", () => this.settle?.reject(new Error("the server hung up")));
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new RawConnection(socket)));
      socket.once("error", reject);
    });
  }

  /** Resolves with the answer's size; rejects when it is no success. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.settle = undefined;
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.expected === 0) this.readHead();
    if (this.expected === 0 || this.size < this.expected) return;
    const { settle, size } = this;
    [this.chunks, this.size, this.expected, this.settle] = [[], 0, 0, undefined];
    settle?.resolve(size);
  }

  private readHead(): void {
    const head = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const text = head.toString("latin1", 0, end);
    if (text[9] !== "2") this.settle?.reject(new Error(text.split("\r\n", 1)[0]));
    this.expected = end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
  }
}

/** Sends all requests on `width` connections, each as soon as one is free. */
export async function sendAll(port: number, width: number, requests: readonly Buffer[]): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      const connection = await RawConnection.open(port);
      while (next < requests.length) await connection.send(requests[next++] as Buffer);
      connection.close();
    }),
  );
}
