// Behaviour: pkg/controller/replication: a ReplicationController is a ReplicaSet with a map for a selector.
import { labelSelectorOfMap } from "../api/label-selector.ts";
import { replicationControllers } from "../api/resource-refs.ts";
import { createReplicasController } from "./replicas.ts";
import type { ControllerFactory } from "./runtime.ts";

/** Keeps as many pods as each ReplicationController asks for. */
export const createReplicationController: ControllerFactory = (context) =>
  createReplicasController(
    {
      controllerName: "replicationcontroller-controller",
      component: "replication-controller",
      ref: replicationControllers,
      countsTerminating: false,
      selector: (controller) => labelSelectorOfMap(controller.spec.selector),
      template: (controller) => controller.spec.template ?? { metadata: {}, spec: { containers: [] } },
      replicas: (controller) => controller.spec.replicas ?? 1,
      minReadySeconds: (controller) => controller.spec.minReadySeconds ?? 0,
      status: (controller) => controller.status,
      withStatus: (controller, status) => ({ ...controller, status }),
    },
    context,
  );
