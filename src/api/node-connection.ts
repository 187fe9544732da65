// Behaviour: the kubelet's own HTTP API (pkg/kubelet/server), as a contract between API server and kubelet in one process.
import type { Duplex, Readable, Writable } from "node:stream";
import type { PodLogOptions } from "./generated/types/core/v1.ts";

/** Which pod, as the kubelet knows it. */
export interface PodReference {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What a command in a container is connected to; absent streams are not attached. */
export interface ContainerStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly tty: boolean;
  /** The terminal's sizes, as the client reports them. */
  readonly resizes?: AsyncIterable<{ width: number; height: number }>;
}

/** One node's kubelet. Every method throws a StatusError when pod or container is not there or not running. */
export interface NodeConnection {
  /** The container's log, ending with the container when `follow` is set, else at its present end. */
  logs(pod: PodReference, options: PodLogOptions, signal: AbortSignal): Promise<Readable>;
  /** Runs a command; resolves with its exit code. */
  exec(pod: PodReference, container: string, command: readonly string[], streams: ContainerStreams, signal: AbortSignal): Promise<number>;
  /** Connects to the container's main process; resolves when it or the connection ends. */
  attach(pod: PodReference, container: string, streams: ContainerStreams, signal: AbortSignal): Promise<void>;
  /** Opens a TCP connection to a port in the pod's network namespace. */
  portForward(pod: PodReference, port: number, signal: AbortSignal): Promise<Duplex>;
  /** Reads the kubelet's own HTTP API, "/pods" for one; undefined for a path that is not served. Absent: there is no such API. */
  read?(path: string): { readonly contentType: string; readonly body: string } | undefined;
}

/** Finds a node's kubelet; undefined when the node has none that answers. */
export type NodeConnections = (nodeName: string) => NodeConnection | undefined;
