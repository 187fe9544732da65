// Behaviour: k8s.io/kubectl/pkg/polymorphichelpers/logsforobject.go: which containers' logs are asked for.
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { pods } from "../../api/resource-refs.ts";
import { type Query, resourcePath, withQuery } from "../../client/resource-path.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { IO } from "../io.ts";
import { DEFAULT_CONTAINER, firstContainer, hasContainer } from "../pod-containers.ts";
import { byLogging, goTypeOf, podSelectorOf, podsOf } from "../pod-lookup.ts";
import { isList } from "../resource-query.ts";

/** The log of one container. */
export interface LogRequest {
  readonly pod: string;
  readonly container: string;
  readonly path: string;
}

/** Whose logs are asked for, and how. */
export interface LogSelection {
  readonly factory: Factory;
  readonly container: string;
  readonly allContainers: boolean;
  readonly allPods: boolean;
  readonly podTimeoutMs: number;
  /** PodLogOptions but the container. */
  readonly parameters: Query;
}

/** The requests for a pod, a list of pods, or a workload's pod. */
export async function logRequests(object: UnstructuredObject, selection: LogSelection): Promise<LogRequest[]> {
  if (isList(object)) return (object["items"] as Pod[]).flatMap((pod) => requestsOfPod(pod, selection));
  if (object.kind === "Pod") return requestsOfPod(object as unknown as Pod, selection);
  const { factory, allPods, podTimeoutMs } = selection;
  const found = await podsOf(factory, object.metadata.namespace ?? "", selectorOf(object), podTimeoutMs, byLogging);
  const [first] = found;
  if (first === undefined) return [];
  if (allPods) return found.flatMap((pod) => requestsOfPod(pod, selection));
  if (found.length > 1) factory.io.err(`Found ${found.length} pods, using pod/${first.metadata.name}\n`);
  return requestsOfPod(first, selection);
}

function selectorOf(object: UnstructuredObject): string {
  try {
    return podSelectorOf(object);
  } catch (error) {
    throw new CommandError(`cannot get the logs from ${goTypeOf(object)}: ${messageOf(error)}`);
  }
}

function requestsOfPod(pod: Pod, selection: LogSelection): LogRequest[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  if (selection.allContainers) return [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => requestFor(pod, name, selection));
  const container = selection.container === "" ? defaultContainer(pod, selection.factory.io, selection.allPods) : selection.container;
  if (!hasContainer(pod, container)) throw new CommandError(`container ${container} is not valid for pod ${pod.metadata.name}`);
  return [requestFor(pod, container, selection)];
}

function defaultContainer(pod: Pod, io: IO, quiet: boolean): string {
  const annotated = pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? "";
  if (annotated !== "" && hasContainer(pod, annotated)) return annotated;
  if (annotated !== "") io.err(`Default container name ${JSON.stringify(annotated)} not found in pod ${pod.metadata.name}\n`);
  return firstContainer(pod, io, quiet);
}

function requestFor({ metadata: { namespace = "", name = "" } }: Pod, container: string, { parameters }: LogSelection): LogRequest {
  return { pod: name, container, path: withQuery(resourcePath(pods, namespace, name, "log"), { container, ...parameters }) };
}
