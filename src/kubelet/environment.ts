// Behaviour: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables.
import { isNotFound } from "../api/errors.ts";
import type { ConfigMap, Container, EnvVarSource, Pod, Secret } from "../api/generated/types/core/v1.ts";
import { type NodeAllocatable, type PodAddressing, podField, resourceField } from "./downward-api.ts";
import { expand } from "./expansion.ts";

/** Where configuration comes from. Both throw a StatusError when the object is not there. */
export interface ConfigurationSource {
  configMap(namespace: string, name: string): Promise<ConfigMap>;
  secret(namespace: string, name: string): Promise<Secret>;
}

/** A pod is configured wrongly: the container waits with CreateContainerConfigError and this message. */
export class ContainerConfigError extends Error {
  override readonly name = "ContainerConfigError";
}

/** What an environment is made from. */
export interface EnvironmentInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly services: ReadonlyMap<string, string>;
  readonly source: ConfigurationSource;
  readonly addresses: PodAddressing;
  readonly node: NodeAllocatable;
}

/** The container's variables: its own in their order, then the services'. Throws a ContainerConfigError. */
export async function containerEnvironment(input: EnvironmentInput): Promise<Map<string, string>> {
  const { container, services } = input;
  const own = new Map<string, string>();
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    for (const [key, value] of await allKeys(input, configMapRef, secretRef)) own.set(prefix + key, value);
  }
  for (const { name, value = "", valueFrom } of container.env ?? []) {
    if (value === "" && valueFrom !== undefined) {
      const found = await fromSource(input, valueFrom);
      if (found !== undefined) own.set(name, found);
    } else {
      own.set(name, expand(value, (reference) => own.get(reference) ?? services.get(reference)));
    }
  }
  for (const [name, value] of services) if (!own.has(name)) own.set(name, value);
  return own;
}

type Reference = { readonly name?: string; readonly optional?: boolean };

async function allKeys({ pod, source }: EnvironmentInput, configMapRef: Reference | undefined, secretRef: Reference | undefined): Promise<Map<string, string>> {
  const namespace = pod.metadata.namespace ?? "";
  if (configMapRef !== undefined) {
    const found = await optionally(configMapRef, () => source.configMap(namespace, configMapRef.name ?? ""));
    return new Map(Object.entries(found?.data ?? {}));
  }
  if (secretRef !== undefined) {
    const found = await optionally(secretRef, () => source.secret(namespace, secretRef.name ?? ""));
    return new Map(Object.entries(found?.data ?? {}).map(([key, value]) => [key, decodeSecret(value)]));
  }
  return new Map();
}

/** The value that a source stands for; undefined when it is optional and not there. */
async function fromSource(input: EnvironmentInput, from: EnvVarSource): Promise<string | undefined> {
  const { pod, container, source } = input;
  const namespace = pod.metadata.namespace ?? "";
  const { fieldRef, resourceFieldRef, configMapKeyRef: mapKey, secretKeyRef: secretKey } = from;
  try {
    if (fieldRef !== undefined) return podField(pod, fieldRef, input.addresses);
    if (resourceFieldRef !== undefined) return resourceField(pod, container, resourceFieldRef, input.node);
  } catch (error) {
    throw new ContainerConfigError(error instanceof Error ? error.message : String(error));
  }
  if (mapKey !== undefined) {
    const found = await optionally(mapKey, () => source.configMap(namespace, mapKey.name ?? ""));
    const value = found?.data?.[mapKey.key];
    if (value === undefined && mapKey.optional !== true) throw new ContainerConfigError(`couldn't find key ${mapKey.key} in ConfigMap ${namespace}/${mapKey.name ?? ""}`);
    return value;
  }
  if (secretKey !== undefined) {
    const found = await optionally(secretKey, () => source.secret(namespace, secretKey.name ?? ""));
    const value = found?.data?.[secretKey.key];
    if (value === undefined && secretKey.optional !== true) throw new ContainerConfigError(`couldn't find key ${secretKey.key} in Secret ${namespace}/${secretKey.name ?? ""}`);
    return value === undefined ? undefined : decodeSecret(value);
  }
  return "";
}

async function optionally<T>(reference: Reference, get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (isNotFound(error) && reference.optional === true) return undefined;
    throw new ContainerConfigError(error instanceof Error ? error.message : String(error));
  }
}

function decodeSecret(value: string): string {
  return Buffer.from(value, "base64").toString("utf8");
}
