// Behaviour: cmd/kube-controller-manager: all controllers of the cluster, started together.
import type { ApiClient } from "../client/client.ts";
import { createEventRecorder } from "../client/event-recorder.ts";
import type { Informers } from "../client/informer.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import type { ApiResources } from "./api-resources.ts";
import { discoveredResources } from "./api-resources.ts";
import type { AuthorityKeys } from "./certificates/certificate-authority.ts";
import { createCertificateSigningController } from "./certificates/certificate-signing.ts";
import { createAPIServiceController } from "./api-services/api-service.ts";
import { createClusterRoleAggregationController } from "./cluster-role-aggregation.ts";
import { createCustomResourceDefinitionController } from "./custom-resource-definitions/custom-resource-definition.ts";
import { createDeploymentController } from "./deployment/deployment.ts";
import { createDisruptionController } from "./disruption.ts";
import { createGarbageCollector } from "./garbage-collector/garbage-collector.ts";
import { createJobCleanupController } from "./job-cleanup.ts";
import { createNamespaceController } from "./namespace.ts";
import { createNodeLifecycleController } from "./nodes/node-lifecycle.ts";
import { createTaintEvictionController } from "./nodes/taint-eviction.ts";
import { createPodGarbageCollector } from "./pod-garbage-collector.ts";
import { createReplicaSetController } from "./replica-set.ts";
import { createReplicationController } from "./replication-controller.ts";
import { createResourceQuotaController } from "./resource-quota.ts";
import { createRootCaPublisher } from "./root-ca-publisher.ts";
import type { ControllerContext, ControllerFactory } from "./runtime.ts";
import { runController } from "./runtime.ts";
import { createServiceAccountTokenController } from "./service-account-token.ts";
import { createServiceAccountController } from "./service-account.ts";
import { createEndpointSliceMirroringController } from "./services/endpoint-slice-mirroring.ts";
import { createEndpointSliceController } from "./services/endpoint-slices.ts";
import { createEndpointsController } from "./services/endpoints.ts";
import { createServiceAddressController } from "./services/service-addresses.ts";
import { createServiceCidrController } from "./services/service-cidr.ts";
import { createVolumeBindingController } from "./volumes/volume-binding.ts";
import { createClaimProtectionController, createVolumeProtectionController } from "./volumes/volume-protection.ts";

/** What the daemon gives its controllers. */
export interface ControllersOptions {
  readonly client: ApiClient;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** What the API serves; read from its discovery unless given. */
  readonly resources?: ApiResources;
  /** The cluster's CA: pods find its certificate in every namespace, and its key signs approved certificate requests. */
  readonly authority?: AuthorityKeys;
  /** Stops them. */
  readonly signal: AbortSignal;
}

/** The controllers that need nothing but the context. */
const factories: readonly ControllerFactory[] = [
  createAPIServiceController,
  createCustomResourceDefinitionController,
  createDeploymentController,
  createReplicaSetController,
  createReplicationController,
  createNamespaceController,
  createGarbageCollector,
  createServiceAccountController,
  createEndpointsController,
  createEndpointSliceController,
  createEndpointSliceMirroringController,
  createNodeLifecycleController,
  createTaintEvictionController,
  createPodGarbageCollector,
  createDisruptionController,
  createResourceQuotaController,
  createClusterRoleAggregationController,
  createJobCleanupController,
  createVolumeBindingController,
  createClaimProtectionController,
  createVolumeProtectionController,
  createServiceCidrController,
  createServiceAddressController,
];

/** Starts every controller; resolves when, after the signal aborted, the last reconcile has returned. Start the informers after it was called. */
export function startControllers(options: ControllersOptions): Promise<void> {
  const { authority } = options;
  const ofAuthority: ControllerFactory[] =
    authority === undefined
      ? []
      : [
          (context) => createRootCaPublisher(context, authority.certificate),
          (context) => createServiceAccountTokenController(context, authority.certificate),
          (context) => createCertificateSigningController(context, authority),
        ];
  return runControllers(options, [...factories, ...ofAuthority]);
}

/** Starts these controllers only. */
export async function runControllers(options: ControllersOptions, chosen: readonly ControllerFactory[]): Promise<void> {
  const { client, informers, clock, ids, logger, signal, resources = discoveredResources(client) } = options;
  const events = (component: string) => createEventRecorder({ client, clock, ids, logger, signal }, component);
  const context: ControllerContext = { client, informers, clock, ids, logger, resources, events };
  const controllers = chosen.map((factory) => factory(context));
  await Promise.all(controllers.map((controller) => runController(controller, context, signal)));
}
