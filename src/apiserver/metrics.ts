// Behaviour: k8s.io/apiserver/pkg/endpoints/metrics: counts and durations of requests, for Prometheus.
import { Counter, Histogram, Registry } from "prom-client";
import { textResponse } from "./message.ts";
import type { RequestObserver } from "./request-log.ts";
import type { RequestInfo } from "./request-info.ts";
import type { PathHandler } from "./server.ts";

const LABELS = ["verb", "group", "version", "resource", "subresource", "scope", "component"] as const;
const SECONDS = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

/** Metrics of one server, and the path that shows them. */
export interface ServerMetrics {
  /** Where others add theirs. */
  readonly registry: Registry;
  readonly observe: RequestObserver;
  readonly path: PathHandler;
}

/** Makes the metrics of a server. */
export function serverMetrics(): ServerMetrics {
  const registry = new Registry();
  const total = new Counter({
    name: "apiserver_request_total",
    help: "Counter of apiserver requests broken out for each verb, group, version, resource, scope, component, and HTTP response code.",
    labelNames: [...LABELS, "dry_run", "code"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "apiserver_request_duration_seconds",
    help: "Response latency distribution in seconds for each verb, group, version, resource, subresource, scope and component.",
    labelNames: [...LABELS, "dry_run"],
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    registry,
    observe({ info, response, duration }) {
      if (info === undefined || (info.isResourceRequest && response.status === 404)) return;
      const labels = { ...labelsOf(info), dry_run: info.query.get("dryRun") === "All" ? "All" : "" };
      total.inc({ ...labels, code: String(response.status) });
      if (response.body.type === "object" || response.body.type === "bytes") durations.observe(labels, duration / 1000);
    },
    async path(request, { path }) {
      if (path !== "/metrics" || request.method !== "GET") return undefined;
      return { ...textResponse(200, await registry.metrics()), headers: { "content-type": registry.contentType } };
    },
  };
}

const HTTP_VERBS: Readonly<Record<string, string>> = { create: "POST", update: "PUT", deletecollection: "DELETECOLLECTION" };

function labelsOf({ verb, group, version, resource, subresource, name, namespace, isResourceRequest }: RequestInfo): Record<(typeof LABELS)[number], string> {
  const scope = !isResourceRequest ? "" : name !== "" ? "resource" : namespace !== "" ? "namespace" : "cluster";
  return { verb: HTTP_VERBS[verb] ?? verb.toUpperCase(), group, version, resource, subresource, scope, component: "apiserver" };
}
