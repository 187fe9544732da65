// Behaviour: k8s.io/apiextensions-apiserver/pkg/controller/{status,establish,apiapproval,finalizer}.
import type { CustomResourceDefinition } from "../../api/generated/types/apiextensions/v1.ts";
import { customResourceDefinitions } from "../../api/resource-refs.ts";
import { semanticEqual } from "../../api/equality.ts";
import type { ResourceClient } from "../../client/client.ts";
import { orGone } from "../not-found.ts";
import { ownKey, type Controller, type ControllerContext, type ReconcileResult, watch } from "../runtime.ts";
import { approvalCondition } from "./api-approval.ts";
import { setCondition } from "./conditions.ts";
import { deleteInstances } from "./instance-deletion.ts";
import { acceptNames } from "./names.ts";

const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
const MANAGER = { fieldManager: "kube-apiserver" };
const NEXT_LOOK_MS = 1000;

/** Accepts the names of definitions, establishes them, and deletes what they defined when they go. */
export function createCustomResourceDefinitionController(context: ControllerContext): Controller {
  const loop = new DefinitionLoop(context);
  const all = context.informers.informer(customResourceDefinitions);
  return {
    name: "custom-resource-definition-controller",
    concurrency: 1,
    watches: [
      watch(customResourceDefinitions, ownKey),
      // Names that were given up may be what others wait for.
      watch(
        customResourceDefinitions,
        ({ metadata, spec }) => all.list().filter((other) => other.spec.group === spec.group && other.metadata.name !== metadata.name).map((other) => other.metadata.name ?? ""),
        ({ type }) => type === "deleted",
      ),
    ],
    reconcile: (name) => loop.reconcile(name),
  };
}

class DefinitionLoop {
  private readonly context: ControllerContext;
  private readonly definitions: ResourceClient<CustomResourceDefinition>;

  constructor(context: ControllerContext) {
    this.context = context;
    this.definitions = context.client.resource(customResourceDefinitions);
  }

  async reconcile(name: string): Promise<ReconcileResult | void> {
    const found = await orGone(this.definitions.get(name));
    if (found === undefined) return;
    const definition = structuredClone(found);
    if (definition.metadata.deletionTimestamp !== undefined) return this.finish(definition);
    const now = this.context.clock.now();
    if (!semanticEqual(definition.spec.names, definition.status.acceptedNames)) {
      const { items } = await this.definitions.list();
      acceptNames(definition, items.filter((other) => other.spec.group === definition.spec.group && other.metadata.name !== name), now);
    }
    const approval = approvalCondition(definition);
    if (approval !== undefined) setCondition(definition, approval, now);
    if (!semanticEqual(definition.status, found.status)) await this.definitions.updateStatus(definition, MANAGER);
  }

  /** Deletes the instances, and lets the definition go when there are none left. */
  private async finish(definition: CustomResourceDefinition): Promise<ReconcileResult | void> {
    const finalizers = definition.metadata.finalizers ?? [];
    if (!finalizers.includes(CLEANUP_FINALIZER)) return;
    const now = this.context.clock.now();
    const isEstablished = (definition.status.conditions ?? []).some(({ type, status }) => type === "Established" && status === "True");
    if (isEstablished) {
      const inProgress = { type: "Terminating", status: "True", reason: "InstanceDeletionInProgress", message: "CustomResource deletion is in progress" };
      if (setCondition(definition, inProgress, now)) definition = structuredClone(await this.definitions.updateStatus(definition, MANAGER));
      const remaining = await deleteInstances(this.context.client, definition);
      if (remaining > 0) return { requeueAfterMs: NEXT_LOOK_MS };
    }
    const done = isEstablished
      ? { type: "Terminating", status: "False", reason: "InstanceDeletionCompleted", message: "removed all instances" }
      : { type: "Terminating", status: "False", reason: "NeverEstablished", message: "resource was never established" };
    setCondition(definition, done, now);
    definition.metadata.finalizers = finalizers.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    await this.definitions.updateStatus(definition, MANAGER);
  }
}
