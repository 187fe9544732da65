// Carries requests to the API server in this process: no wire, no serialization, objects shared and not to be mutated.
import type { ApiRequest, ApiResponse, ApiStream, Transport } from "../client/transport.ts";
import { decodeLines } from "../client/watch-stream.ts";
import type { ServedEvent, ServerRequest, ServerResponse, WatchSource } from "../apiserver/message.ts";
import type { UserInfo } from "../apiserver/resource.ts";

/** The part of the API server that a transport needs. */
export interface RequestHandler {
  handle(request: ServerRequest): Promise<ServerResponse>;
}

/** A transport that speaks as `user`; `userAgent` names the component, and so the manager of the fields that it sets. */
export function createInProcessTransport(server: RequestHandler, user: UserInfo, userAgent: string): Transport {
  const send = (request: ApiRequest, signal = new AbortController().signal) =>
    server.handle({
      method: request.method,
      url: request.path,
      headers: { "content-type": "application/json", accept: "application/json", "user-agent": userAgent, ...request.headers },
      ...(request.body !== undefined && { body: typeof request.body === "string" ? Buffer.from(request.body) : request.body }),
      user,
      signal,
    });

  return {
    async request(request, signal): Promise<ApiResponse> {
      const { status, headers, warnings, body } = await send(request, signal);
      return { status, headers, warnings, body: decoded(await wholeBody(body), headers["content-type"]) };
    },
    async stream(request, signal): Promise<ApiStream> {
      const { status, headers, warnings, body } = await send(request, signal);
      return { status, headers, warnings, chunks: chunksOf(body, signal) };
    },
    async watch(request, signal) {
      const { status, headers, body } = await send(request, signal);
      if (body.type === "watch") return eventsOf(body.events, signal);
      if (body.type === "stream" && status < 400) return decodeLines(chunksOf(body, signal));
      const object = decoded(await wholeBody(body), headers["content-type"]);
      return oneEvent({ type: "ERROR", object });
    },
    close() {},
  };
}

/** Documents that the server keeps as JSON text are handed on as what they say. */
function decoded(body: unknown, contentType: string | undefined): unknown {
  return typeof body === "string" && body !== "" && contentType?.startsWith("application/json") === true ? JSON.parse(body) : body;
}

async function wholeBody(body: ServerResponse["body"]): Promise<unknown> {
  if (body.type === "object") return body.value();
  if (body.type === "bytes") return typeof body.data === "string" ? body.data : Buffer.from(body.data).toString("utf8");
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(body)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function* chunksOf(body: ServerResponse["body"], signal?: AbortSignal): AsyncIterable<Uint8Array> {
  if (body.type === "object") yield Buffer.from(body.text());
  else if (body.type === "bytes") yield typeof body.data === "string" ? Buffer.from(body.data) : body.data;
  else if (body.type === "watch") for await (const event of eventsOf(body.events, signal)) yield event.line;
  else for await (const chunk of body.chunks) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function* oneEvent(event: { type: string; object: unknown }): AsyncIterable<{ type: string; object: unknown }> {
  yield event;
}

/** Turns pushed events into pulled ones; leaving the loop, or the signal, stops the watch. */
async function* eventsOf(source: WatchSource, signal?: AbortSignal): AsyncIterable<ServedEvent> {
  const queue: ServedEvent[] = [];
  let ended = signal?.aborted ?? false;
  let wake: (() => void) | undefined;
  const end = () => {
    ended = true;
    wake?.();
  };
  const stop = source.start((event) => {
    queue.push(event);
    wake?.();
  }, end);
  signal?.addEventListener("abort", end, { once: true });
  try {
    for (;;) {
      let next = 0;
      while (next < queue.length) {
        const event = queue[next++];
        if (event !== undefined && !signal?.aborted) yield event;
      }
      queue.splice(0, next);
      if (queue.length > 0) continue;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener("abort", end);
    stop();
  }
}
