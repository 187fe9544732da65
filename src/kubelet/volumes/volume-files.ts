// Behaviour: pkg/volume/{configmap,secret,downwardapi,projected}: which files a volume of configuration holds.
import { isNotFound } from "../../api/errors.ts";
import type { ConfigMap, Container, DownwardAPIVolumeFile, KeyToPath, Pod, Secret, Volume, VolumeProjection } from "../../api/generated/types/core/v1.ts";
import { type NodeAllocatable, type PodAddressing, podField, resourceField } from "../downward-api.ts";
import type { ConfigurationSource } from "../environment.ts";
import type { Payload, VolumeFile } from "./atomic-writer.ts";

/** What the files are made from. */
export interface VolumeFilesInput {
  readonly pod: Pod;
  readonly source: ConfigurationSource;
  readonly addresses: PodAddressing;
  readonly node: NodeAllocatable;
  /** A token of the pod's service account, renewed before it expires. */
  token(audience: string, expirationSeconds: number): Promise<string>;
}

const DEFAULT_MODE = 0o644;

/** Whether a volume's files come from the API and may change while the pod runs. */
export function isConfiguration(volume: Volume): boolean {
  return volume.configMap !== undefined || volume.secret !== undefined || volume.downwardAPI !== undefined || volume.projected !== undefined;
}

/** The files of a configuration volume. Throws an Error that says what is missing. */
export async function volumeFiles(input: VolumeFilesInput, volume: Volume): Promise<Payload> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return configMapFiles(input, configMap, configMap.defaultMode ?? DEFAULT_MODE);
  if (secret !== undefined) return secretFiles(input, { ...secret, name: secret.secretName ?? "" }, secret.defaultMode ?? DEFAULT_MODE);
  if (downwardAPI !== undefined) return downwardFiles(input, downwardAPI.items ?? [], downwardAPI.defaultMode ?? DEFAULT_MODE);
  const files = new Map<string, VolumeFile>();
  for (const source of projected?.sources ?? []) {
    for (const [path, file] of await projectedFiles(input, source, projected?.defaultMode ?? DEFAULT_MODE)) files.set(path, file);
  }
  return files;
}

async function projectedFiles(input: VolumeFilesInput, source: VolumeProjection, mode: number): Promise<Payload> {
  if (source.configMap !== undefined) return configMapFiles(input, source.configMap, mode);
  if (source.secret !== undefined) return secretFiles(input, source.secret, mode);
  if (source.downwardAPI !== undefined) return downwardFiles(input, source.downwardAPI.items ?? [], mode);
  if (source.serviceAccountToken !== undefined) {
    const { audience = "", expirationSeconds = 3600, path } = source.serviceAccountToken;
    return new Map([[path, { content: Buffer.from(await input.token(audience, expirationSeconds)), mode }]]);
  }
  throw new Error("projected volume source is not supported by this node");
}

interface ObjectReference {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

async function configMapFiles({ pod, source }: VolumeFilesInput, reference: ObjectReference, mode: number): Promise<Payload> {
  const found = await optionally<ConfigMap>(reference, () => source.configMap(pod.metadata.namespace ?? "", reference.name ?? ""));
  const text = Object.entries(found?.data ?? {}).map(([key, value]): [string, Uint8Array] => [key, Buffer.from(value)]);
  const binary = Object.entries(found?.binaryData ?? {}).map(([key, value]): [string, Uint8Array] => [key, Buffer.from(value, "base64")]);
  return chosenKeys(new Map([...text, ...binary]), reference, mode, "config");
}

async function secretFiles({ pod, source }: VolumeFilesInput, reference: ObjectReference, mode: number): Promise<Payload> {
  const found = await optionally<Secret>(reference, () => source.secret(pod.metadata.namespace ?? "", reference.name ?? ""));
  const data = Object.entries(found?.data ?? {}).map(([key, value]): [string, Uint8Array] => [key, Buffer.from(value, "base64")]);
  return chosenKeys(new Map(data), reference, mode, "secret");
}

async function optionally<T>(reference: ObjectReference, get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (isNotFound(error) && reference.optional === true) return undefined;
    throw error;
  }
}

function chosenKeys(data: ReadonlyMap<string, Uint8Array>, { items = [], optional }: ObjectReference, mode: number, what: string): Payload {
  if (items.length === 0) return new Map([...data].map(([key, content]) => [key, { content, mode }]));
  const files = new Map<string, VolumeFile>();
  for (const { key, path, mode: own } of items) {
    const content = data.get(key);
    if (content !== undefined) files.set(path, { content, mode: own ?? mode });
    else if (optional !== true) throw new Error(`references non-existent ${what} key: ${key}`);
  }
  return files;
}

function downwardFiles({ pod, addresses, node }: VolumeFilesInput, items: readonly DownwardAPIVolumeFile[], mode: number): Payload {
  const files = new Map<string, VolumeFile>();
  for (const { path, fieldRef, resourceFieldRef, mode: own } of items) {
    const [first] = pod.spec.containers;
    const text = fieldRef !== undefined ? podField(pod, fieldRef, addresses) : resourceFieldRef !== undefined ? resourceField(pod, first as Container, resourceFieldRef, node) : "";
    files.set(path, { content: Buffer.from(text), mode: own ?? mode });
  }
  return files;
}
