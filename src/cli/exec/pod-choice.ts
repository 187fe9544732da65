// Behaviour: k8s.io/kubectl/pkg/polymorphichelpers/attachablepodforobject.go: the pod to exec into, attach to or forward a port of.
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { byActivity, goTypeOf, podSelectorOf, podsOf } from "../pod-lookup.ts";

/** The pod itself, or the best pod of a workload or service. */
export async function attachablePod(factory: Factory, object: UnstructuredObject, timeoutMs: number): Promise<Pod> {
  if (object.kind === "Pod") return object as unknown as Pod;
  let selector: string;
  try {
    selector = podSelectorOf(object);
  } catch (error) {
    throw new CommandError(`cannot attach to ${goTypeOf(object)}: ${messageOf(error)}`);
  }
  const [pod] = await podsOf(factory, object.metadata.namespace ?? "", selector, timeoutMs, byActivity);
  if (pod === undefined) throw new CommandError(`no pod of ${object.metadata.name} was found`);
  return pod;
}

/** A query with fields that stand several times, for exec's command. */
export function repeatedQuery(pairs: readonly (readonly [name: string, value: string | boolean])[]): string {
  return pairs
    .filter(([, value]) => value !== false)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
}
