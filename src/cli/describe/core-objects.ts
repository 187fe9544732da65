// Behaviour: k8s.io/kubectl/pkg/describe (Namespace, ConfigMap, Secret, ServiceAccount, LimitRange, ResourceQuota, PriorityClass describers).
import { isNotFound } from "../../api/errors.ts";
import type { ConfigMap, LimitRange, Namespace, ResourceQuota, Secret, ServiceAccount } from "../../api/generated/types/core/v1.ts";
import type { PriorityClass } from "../../api/generated/types/scheduling/v1.ts";
import { Quantity, parseQuantity } from "../../api/quantity.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import { defineDescriber, withoutEvents } from "./describer.ts";
import { type Description, joinedLabels, longTime } from "./description.ts";

const resourceQuotas: ResourceRef<ResourceQuota> = { group: "", version: "v1", resource: "resourcequotas", kind: "ResourceQuota", namespaced: true };
const limitRanges: ResourceRef<LimitRange> = { group: "", version: "v1", resource: "limitranges", kind: "LimitRange", namespaced: true };

/** A namespace's quotas and limits; undefined where the server has no such resource. */
interface NamespaceRules {
  readonly quotas: ResourceQuota[] | undefined;
  readonly limits: LimitRange[] | undefined;
}

/** Describes a namespace. */
export const namespaceDescriber = defineDescriber<Namespace, NamespaceRules>({
  async gather({ metadata }, reader) {
    const name = metadata.name ?? "";
    return { quotas: await ifServed(reader.list(resourceQuotas, name)), limits: await ifServed(reader.list(limitRanges, name)) };
  },
  describe({ metadata, status }, { quotas, limits }, to) {
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Status", status.phase);
    if (status.conditions?.length) {
      to.write(0, "Conditions:\n");
      to.header(1, "Type", "Status", "LastTransitionTime", "Reason", "Message");
      for (const { type, status: state, lastTransitionTime, reason, message } of status.conditions) to.row(1, type, state, longTime(lastTransitionTime), reason, message);
    }
    if (quotas !== undefined) describeQuotas(quotas, to);
    if (limits !== undefined) describeLimits(limits, to);
  },
  eventSubjects: withoutEvents,
});

async function ifServed<T>(list: Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await list;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function describeQuotas(quotas: readonly ResourceQuota[], to: Description): void {
  to.write(0, quotas.length === 0 ? "\nNo resource quota.\n" : "\nResource Quotas\n");
  for (const quota of quotas.toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1))) {
    to.field(1, "Name", quota.metadata.name);
    describeScopes(quota, 1, "* ", to);
    to.row(1, "Resource", "Used", "Hard");
    to.row(1, "--------", "---", "---");
    for (const [name, hard] of sortedAmounts(quota.status.hard)) to.row(1, name, quantityText(quota.status.used?.[name]), quantityText(hard));
  }
}

const SCOPES: Readonly<Record<string, string>> = {
  Terminating: "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.",
  NotTerminating: "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.",
  BestEffort: "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
  NotBestEffort: "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
};

function describeScopes({ spec }: ResourceQuota, level: number, bullet: string, to: Description): void {
  const scopes = [...(spec.scopes ?? [])].sort();
  if (scopes.length === 0) return;
  to.field(level, "Scopes", scopes.join(", "));
  for (const scope of scopes) if (SCOPES[scope] !== undefined) to.write(level, `${bullet}${SCOPES[scope]}\n`);
}

function sortedAmounts(amounts: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(amounts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function quantityText(amount: string | undefined): string {
  return parseQuantity(amount ?? "0").toString();
}

/** Describes a resource quota. */
export const resourceQuotaDescriber = defineDescriber<ResourceQuota>({
  describe(quota, _related, to) {
    to.field(0, "Name", quota.metadata.name);
    to.field(0, "Namespace", quota.metadata.namespace);
    describeScopes(quota, 0, " * ", to);
    to.header(0, "Resource", "Used", "Hard");
    for (const [name, amount] of sortedAmounts(quota.status.hard)) {
      const hard = parseQuantity(amount);
      const used = parseQuantity(quota.status.used?.[name] ?? "0");
      to.row(0, name, hard.format === used.format ? used : Quantity.of(used.value(), hard.format), hard);
    }
  },
  eventSubjects: withoutEvents,
});

/** Describes a limit range. */
export const limitRangeDescriber = defineDescriber<LimitRange>({
  describe(range, _related, to) {
    to.field(0, "Name", range.metadata.name);
    to.field(0, "Namespace", range.metadata.namespace);
    to.header(0, "Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio");
    describeLimitItems(range, "", to);
  },
  eventSubjects: withoutEvents,
});

function describeLimits(ranges: readonly LimitRange[], to: Description): void {
  if (ranges.length === 0) {
    to.write(0, "\nNo LimitRange resource.\n");
    return;
  }
  to.write(0, "\nResource Limits\n");
  to.header(0, " Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio");
  for (const range of ranges) describeLimitItems(range, " ", to);
}

function describeLimitItems({ spec }: LimitRange, prefix: string, to: Description): void {
  for (const { type, max, min, default: limit, defaultRequest, maxLimitRequestRatio } of spec.limits) {
    const names = Object.keys({ ...max, ...min, ...limit, ...defaultRequest, ...maxLimitRequestRatio }).sort();
    const shown = [min, max, defaultRequest, limit, maxLimitRequestRatio];
    for (const name of names) to.row(0, `${prefix}${type}`, name, ...shown.map((amounts) => (amounts?.[name] === undefined ? "-" : quantityText(amounts[name]))));
  }
}

/** Describes a config map. */
export const configMapDescriber = defineDescriber<ConfigMap>({
  describe({ metadata, data, binaryData }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.write(0, "\nData\n====\n");
    for (const key of Object.keys(data ?? {}).sort()) to.write(0, `${key}:\n----\n${data?.[key] ?? ""}\n\n`);
    to.write(0, "\nBinaryData\n====\n");
    for (const key of Object.keys(binaryData ?? {}).sort()) to.write(0, `${key}: ${byteLength(binaryData?.[key])} bytes\n`);
    to.write(0, "\n");
  },
});

function byteLength(base64: string | undefined): number {
  return Buffer.from(base64 ?? "", "base64").length;
}

/** Describes a secret. */
export const secretDescriber = defineDescriber<Secret>({
  describe({ metadata, type, data }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.write(0, `\nType:\t${type ?? ""}\n\nData\n====\n`);
    for (const key of Object.keys(data ?? {}).sort()) {
      const token = key === "token" && type === "kubernetes.io/service-account-token";
      to.field(0, key, token ? Buffer.from(data?.[key] ?? "", "base64").toString("utf8") : `${byteLength(data?.[key])} bytes`);
    }
  },
  eventSubjects: withoutEvents,
});

/** Describes a service account. */
export const serviceAccountDescriber = defineDescriber<ServiceAccount>({
  describe({ metadata, imagePullSecrets = [] }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    const title = "Image pull secrets:";
    const names = imagePullSecrets.length === 0 ? ["<none>"] : imagePullSecrets.map(({ name }) => name ?? "");
    for (const [index, name] of names.entries()) to.row(0, index === 0 ? title : " ".repeat(title.length), name);
  },
});

/** Describes a priority class. */
export const priorityClassDescriber = defineDescriber<PriorityClass>({
  describe({ metadata, value, globalDefault, preemptionPolicy, description }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Value", value);
    to.field(0, "GlobalDefault", globalDefault === true);
    to.field(0, "PreemptionPolicy", preemptionPolicy);
    to.field(0, "Description", description);
    to.field(0, "Annotations", joinedLabels(metadata.annotations));
  },
});
