// Behaviour: k8s.io/kubectl/pkg/cmd/util/podcmd: which container of a pod a command means.
import type { Pod } from "../api/generated/types/core/v1.ts";
import { CommandError } from "./errors.ts";
import type { IO } from "./io.ts";

/** The annotation that names the container which commands take when none is named. */
export const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** The names of a pod's containers, init and ephemeral ones marked, as messages list them. */
export function containerNames({ spec }: Pod): string {
  return [
    ...spec.containers.map(({ name }) => name),
    ...(spec.ephemeralContainers ?? []).map(({ name }) => `${name} (ephem)`),
    ...(spec.initContainers ?? []).map(({ name }) => `${name} (init)`),
  ].join(", ");
}

/** Whether the pod has a container of any sort with that name. */
export function hasContainer({ spec }: Pod, name: string): boolean {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].some((container) => container.name === name);
}

/** The error for a container that the pod does not have. */
export function noSuchContainer(pod: Pod, name: string): CommandError {
  return new CommandError(`container ${name} not found in pod ${pod.metadata.name}`);
}

/** The first container, with a line that says so when there are others. */
export function firstContainer(pod: Pod, io: IO, quiet = false): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const [first] = containers;
  if (first === undefined) throw new CommandError(`pod ${pod.metadata.namespace}/${pod.metadata.name} does not have any containers`);
  if (!quiet && containers.length + initContainers.length + ephemeralContainers.length > 1) {
    io.err(`Defaulted container ${JSON.stringify(first.name)} out of: ${containerNames(pod)}\n`);
  }
  return first.name;
}

/** The container named, else the one of the annotation, else the first. */
export function chooseContainer(pod: Pod, named: string, io: IO, quiet = false): string {
  const name = named === "" ? (pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? "") : named;
  if (name === "") return firstContainer(pod, io, quiet);
  if (!hasContainer(pod, name)) throw noSuchContainer(pod, name);
  return name;
}
