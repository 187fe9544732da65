// Behaviour: pkg/probe/grpc: the health check protocol (grpc.health.v1.Health/Check) over cleartext HTTP/2.
import { connect, constants } from "node:http2";
import { dialError } from "./dial-error.ts";

/** A message of the protocol on the wire: no compression, a length, then the service's name as field 1. */
export function healthCheckRequest(service: string): Buffer {
  const name = Buffer.from(service, "utf8");
  const message = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

const SERVING_STATUS = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** The status that an answer's message holds. */
export function servingStatus(answer: Buffer): string {
  const message = answer.subarray(5);
  return SERVING_STATUS[message[0] === 0x08 ? (message[1] ?? 0) : 0] ?? "UNKNOWN";
}

/** Asks a server for its health; undefined when it serves, else why not. */
export function checkHealth(host: string, port: number, service: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
    const session = connect(`http://${address}`);
    const finish = (failure: string | undefined) => {
      session.destroy();
      resolve(failure);
    };
    let connected = false;
    session.setTimeout(timeoutMs, () =>
      finish(connected ? `timeout: health rpc did not complete within ${timeoutMs / 1000}s` : `timeout: failed to connect service ${JSON.stringify(address)} within ${timeoutMs / 1000}s: context deadline exceeded`),
    );
    session.on("connect", () => (connected = true));
    session.on("error", (error) => finish(`error: failed to connect service at ${JSON.stringify(address)}: ${dialError(error, host, port)}`));
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
    });
    const chunks: Buffer[] = [];
    let grpcStatus = "";
    let grpcMessage = "";
    const read = (headers: Record<string, unknown>) => {
      grpcStatus = String(headers["grpc-status"] ?? grpcStatus);
      grpcMessage = decodeURIComponent(String(headers["grpc-message"] ?? grpcMessage));
    };
    stream.on("response", read);
    stream.on("trailers", read);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", (error) => finish(`error: health rpc probe failed: ${error.message}`));
    stream.on("end", () => {
      if (grpcStatus === "12") return finish(`error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${grpcMessage}`);
      if (grpcStatus !== "0") return finish(`error: health rpc probe failed: rpc error: code = ${grpcStatus} desc = ${grpcMessage}`);
      const status = servingStatus(Buffer.concat(chunks));
      finish(status === "SERVING" ? undefined : `service unhealthy (responded with ${JSON.stringify(status)})`);
    });
    stream.end(healthCheckRequest(service));
  });
}
