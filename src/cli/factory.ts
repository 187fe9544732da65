// What a command can ask of its surroundings: namespace, client, mapper. Everything behind it is made when first asked for.
import type { CachedDiscovery } from "../client/cached-discovery.ts";
import type { ApiClient } from "../client/client.ts";
import type { HttpTransport } from "../client/http-transport.ts";
import type { GlobalFlags } from "./global-flags.ts";
import type { IO } from "./io.ts";
import type { RestMapper } from "./rest-mapper.ts";

/** The namespace that a command works in. */
export interface NamespaceChoice {
  readonly name: string;
  /** Whether --namespace was given: objects from files must then be of that namespace. */
  readonly explicit: boolean;
}

/** Hands a command what it works with. Errors come when a method is first called, not before. */
export interface Factory {
  /** The command's own path in help and usage errors, e.g. "kubectl config view". */
  readonly commandPath: string;
  /** The name that it was invoked by: "skiff", or "kubectl" through a link. */
  readonly program: "skiff" | "kubectl";
  readonly io: IO;
  readonly globals: GlobalFlags;
  /** From --namespace, else the context, else "default". */
  namespace(): Promise<NamespaceChoice>;
  /** Requests with the user's identity; Warning headers are printed to standard error as they come. */
  transport(): Promise<HttpTransport>;
  /** Typed access over the same transport. */
  client(): Promise<ApiClient>;
  /** Resources and kinds of the server, from the discovery cache or the server. */
  mapper(): Promise<RestMapper>;
  /** The groups, versions and resources of the server. */
  discovery(): Promise<CachedDiscovery>;
  /** A line that helps when the command failed: how to start the local cluster, where nobody answered for it. */
  hint(): string | undefined;
  /** The server's address as error messages and cluster-info name it, e.g. "https://127.0.0.1:6443". */
  serverAddress(): Promise<string>;
}
