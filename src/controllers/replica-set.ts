// Behaviour: pkg/controller/replicaset, for ReplicaSets.
import { labelSelector } from "../api/label-selector.ts";
import { replicaSets } from "../api/resource-refs.ts";
import { createReplicasController } from "./replicas.ts";
import type { ControllerFactory } from "./runtime.ts";

/** Keeps as many pods as each ReplicaSet asks for. */
export const createReplicaSetController: ControllerFactory = (context) =>
  createReplicasController(
    {
      controllerName: "replicaset-controller",
      component: "replicaset-controller",
      ref: replicaSets,
      countsTerminating: true,
      selector: (set) => labelSelector(set.spec.selector),
      template: (set) => set.spec.template,
      replicas: (set) => set.spec.replicas ?? 1,
      minReadySeconds: (set) => set.spec.minReadySeconds ?? 0,
      status: (set) => set.status,
      withStatus: (set, status) => ({ ...set, status }),
    },
    context,
  );
