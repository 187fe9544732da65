// Behaviour: pkg/controller/controller_utils.go (RealPodControl): how controllers make and delete pods, and what they tell of it.
import type { Pod, PodTemplateSpec } from "../api/generated/types/core/v1.ts";
import type { OwnerReference } from "../api/generated/types/meta/v1.ts";
import { isNotFound, StatusError } from "../api/errors.ts";
import { isDNS1123Subdomain } from "../api/name-validation.ts";
import type { KubernetesObject } from "../api/object.ts";
import { pods } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder.ts";

/** Creates and deletes pods on behalf of an owner, with the events that tell of it. */
export class PodControl {
  private readonly client: ApiClient;
  private readonly events: EventRecorder;

  constructor(client: ApiClient, events: EventRecorder) {
    this.client = client;
    this.events = events;
  }

  /** Creates a pod from a template; undefined when its namespace is being deleted, which is no failure. */
  async create(template: PodTemplateSpec, owner: KubernetesObject, reference: OwnerReference, changes: Partial<Pod["metadata"]> = {}): Promise<Pod | undefined> {
    try {
      const pod = await this.client.resource(pods, owner.metadata.namespace).create({
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          ...(changes.name === undefined && { generateName: podPrefix(owner.metadata.name ?? "") }),
          labels: { ...template.metadata.labels },
          annotations: { ...template.metadata.annotations },
          ...(template.metadata.finalizers && { finalizers: [...template.metadata.finalizers] }),
          ownerReferences: [reference],
          ...changes,
        },
        spec: template.spec,
        status: {},
      });
      this.events.event(owner, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
      return pod;
    } catch (error) {
      if (isNamespaceTerminating(error)) return undefined;
      this.events.event(owner, "Warning", "FailedCreate", `Error creating: ${messageOf(error)}`);
      throw error;
    }
  }

  /** Deletes a pod; false when it was gone already. */
  async delete(pod: Pod, owner: KubernetesObject): Promise<boolean> {
    const name = pod.metadata.name ?? "";
    try {
      await this.client.resource(pods, pod.metadata.namespace).delete(name);
    } catch (error) {
      if (isNotFound(error)) return false;
      this.events.event(owner, "Warning", "FailedDelete", `Error deleting: ${messageOf(error)}`);
      throw new Error(`unable to delete pods: ${messageOf(error)}`, { cause: error });
    }
    this.events.event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
    return true;
  }
}

/** Whether a create failed because the namespace is on its way out. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof StatusError && (error.status.details?.causes ?? []).some((cause) => cause.reason === "NamespaceTerminating");
}

/** The text of any failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The start of the names of an owner's pods: with a dash where that still makes a name. */
export function podPrefix(owner: string): string {
  return isDNS1123Subdomain(`${owner}-a`).length === 0 ? `${owner}-` : owner;
}
