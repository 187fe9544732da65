// Behaviour: k8s.io/kube-aggregator/pkg/controllers/{autoregister,status}: every group version is an APIService, and it is known whether it answers.
import type { APIService } from "../../api/generated/types/apiregistration/v1.ts";
import type { EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { isAlreadyExists } from "../../api/errors.ts";
import { apiServices, customResourceDefinitions, endpointSlices, services } from "../../api/resource-refs.ts";
import { discover } from "../../client/discovery.ts";
import { formatTime } from "../../util/clock.ts";
import { orGone } from "../not-found.ts";
import { type Controller, type ControllerContext, ownKey, watch } from "../runtime.ts";
import { localAPIService, MANAGED_LABEL } from "./local-api-services.ts";

const REGISTRATION = "";
const CHECK_TIMEOUT_MS = 5000;
const MANAGER = { fieldManager: "kube-apiserver" };

/** Registers the group versions that the server has by itself, and tells whether the others can be reached. */
export function createAPIServiceController(context: ControllerContext): Controller {
  const loop = new APIServiceLoop(context);
  const all = context.informers.informer(apiServices);
  const servedBy = (namespace: string | undefined, name: string | undefined) =>
    all.list().filter(({ spec }) => spec.service?.namespace === namespace && spec.service?.name === name).map(({ metadata }) => metadata.name ?? "");
  return {
    name: "api-service-controller",
    concurrency: 1,
    initialKeys: [REGISTRATION],
    watches: [
      watch(apiServices, ownKey),
      watch(services, ({ metadata }) => servedBy(metadata.namespace, metadata.name)),
      watch(endpointSlices, ({ metadata }) => servedBy(metadata.namespace, metadata.labels?.["kubernetes.io/service-name"])),
      watch(customResourceDefinitions, () => [REGISTRATION]),
    ],
    reconcile: (key, signal) => (key === REGISTRATION ? loop.register() : loop.checkAvailability(key, signal)),
  };
}

interface Availability {
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

class APIServiceLoop {
  private readonly context: ControllerContext;

  constructor(context: ControllerContext) {
    this.context = context;
  }

  /** Makes what is missing of the local ones, and deletes those of custom resources that are no more. */
  async register(): Promise<void> {
    const client = this.context.client.resource(apiServices);
    const { items: definitions } = await this.context.client.resource(customResourceDefinitions).list();
    const custom = new Set(definitions.flatMap(({ spec }) => spec.versions.map(({ name }) => `${name}.${spec.group}`)));
    const groups = await discover(this.context.client.transport);
    const served = new Map<string, APIService>();
    for (const { name: group, versions } of groups.filter(({ name }) => name !== "apiregistration.k8s.io")) {
      for (const { version } of versions) {
        const service = localAPIService(group, version, custom.has(`${version}.${group}`));
        served.set(service.metadata.name ?? "", service);
      }
    }
    const { items } = await client.list();
    for (const { metadata } of items) {
      const name = metadata.name ?? "";
      if (metadata.labels?.[MANAGED_LABEL] !== undefined && !served.has(name)) await orGone(client.delete(name));
      served.delete(name);
    }
    for (const service of served.values()) {
      await client.create(service, MANAGER).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
    }
  }

  /** Rejects, so as to be tried again, when the server does not answer. */
  async checkAvailability(name: string, signal: AbortSignal): Promise<void> {
    const client = this.context.client.resource(apiServices);
    const service = await orGone(client.get(name));
    if (service === undefined) {
      await this.register();
      return;
    }
    const availability = await this.availability(service, signal);
    const conditions = service.status.conditions ?? [];
    const before = conditions.find(({ type }) => type === "Available");
    const lastTransitionTime = before?.status === availability.status ? before.lastTransitionTime : formatTime(this.context.clock.now());
    const next = { type: "Available", lastTransitionTime, ...availability };
    if (!semanticEqual(before, next)) {
      await client.updateStatus({ ...service, status: { ...service.status, conditions: [...conditions.filter(({ type }) => type !== "Available"), next] } }, MANAGER);
    }
    if (availability.reason === "FailedDiscoveryCheck") throw new Error(availability.message);
  }

  private async availability({ spec }: APIService, signal: AbortSignal): Promise<Availability> {
    if (spec.service === undefined) return { status: "True", reason: "Local", message: "Local APIServices are always available" };
    const { namespace = "", name = "", port = 443 } = spec.service;
    const service = await orGone(this.context.client.resource(services, namespace).get(name));
    if (service === undefined) return { status: "False", reason: "ServiceNotFound", message: `service/${name} in ${JSON.stringify(namespace)} is not present` };
    const servicePort = (service.spec.ports ?? []).find((candidate) => candidate.port === port);
    if (servicePort === undefined) {
      return { status: "False", reason: "ServicePortError", message: `service/${name} in ${JSON.stringify(namespace)} is not listening on port ${port}` };
    }
    const { items } = await this.context.client.resource(endpointSlices, namespace).list({ labelSelector: `kubernetes.io/service-name=${name}` });
    if (items.length === 0) return { status: "False", reason: "EndpointsNotFound", message: `cannot find endpointslices for service/${name} in ${JSON.stringify(namespace)}` };
    if (!items.some((slice) => hasReadyAddress(slice))) {
      return { status: "False", reason: "MissingEndpoints", message: `endpointslices for service/${name} in ${JSON.stringify(namespace)} have no addresses with port name ${JSON.stringify(servicePort.name ?? "")}` };
    }
    const failure = await this.ask(`/apis/${spec.group ?? ""}/${spec.version ?? ""}`, signal);
    if (failure === undefined) return { status: "True", reason: "Passed", message: "all checks passed" };
    return { status: "False", reason: "FailedDiscoveryCheck", message: failure };
  }

  /** Why the server behind does not say what it has; undefined when it does. */
  private async ask(path: string, signal: AbortSignal): Promise<string | undefined> {
    const { client, clock } = this.context;
    const late = new AbortController();
    const cancel = clock.setTimer(CHECK_TIMEOUT_MS, () => late.abort());
    try {
      const { status, body } = await client.transport.request({ method: "GET", path }, AbortSignal.any([signal, late.signal]));
      if (status >= 200 && status < 300) return undefined;
      const reason = status === 503 ? (body as { message?: string }).message : `bad status from ${path}: ${status}`;
      return `failing or missing response from ${path}: ${reason ?? status}`;
    } catch (error) {
      return late.signal.aborted ? `timed out waiting for ${path}` : `failing or missing response from ${path}: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      cancel();
    }
  }
}

function hasReadyAddress({ endpoints }: EndpointSlice): boolean {
  return (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);
}
