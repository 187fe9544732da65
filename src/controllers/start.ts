// Behaviour: cmd/kube-controller-manager: all controllers of the cluster, started together.
import type { ApiClient } from "../client/client.ts";
import { createEventRecorder } from "../client/event-recorder.ts";
import type { Informers } from "../client/informer.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import { createDeploymentController } from "./deployment/deployment.ts";
import { createReplicaSetController } from "./replica-set.ts";
import { createReplicationController } from "./replication-controller.ts";
import type { ControllerContext, ControllerFactory } from "./runtime.ts";
import { runController } from "./runtime.ts";

/** What the daemon gives its controllers. */
export interface ControllersOptions {
  readonly client: ApiClient;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Stops them. */
  readonly signal: AbortSignal;
}

const factories: readonly ControllerFactory[] = [createDeploymentController, createReplicaSetController, createReplicationController];

/** Starts every controller; resolves when, after the signal aborted, the last reconcile has returned. Start the informers after it was called. */
export async function startControllers(options: ControllersOptions, only: readonly ControllerFactory[] = factories): Promise<void> {
  const { signal, ...rest } = options;
  const context: ControllerContext = { ...rest, events: (component) => createEventRecorder({ ...rest, signal }, component) };
  const controllers = only.map((factory) => factory(context));
  await Promise.all(controllers.map((controller) => runController(controller, context, signal)));
}
