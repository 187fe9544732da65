// Behaviour: k8s.io/kubectl/pkg/cmd/set/env/env_resolve.go: where a variable's value comes from, and what it is.
import type { ConfigMap, Container, EnvVarSource, Secret } from "../../api/generated/types/core/v1.ts";
import { isQualifiedName } from "../../api/name-validation.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { configMaps, secrets } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import { CommandError } from "../errors.ts";

/** The source in words. */
export function sourceText({ configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }: EnvVarSource): string {
  if (configMapKeyRef !== undefined) return `configmap ${configMapKeyRef.name ?? ""}, key ${configMapKeyRef.key}`;
  if (secretKeyRef !== undefined) return `secret ${secretKeyRef.name ?? ""}, key ${secretKeyRef.key}`;
  if (fieldRef !== undefined) return `field path ${fieldRef.fieldPath}`;
  if (resourceFieldRef !== undefined) return `resource field ${resourceFieldRef.containerName ? `${resourceFieldRef.containerName}/` : ""}${resourceFieldRef.resource}`;
  return "invalid valueFrom";
}

/** Looks values up; config maps and secrets are read once. */
export class EnvValues {
  private readonly client: ApiClient;
  private readonly namespace: string;
  private readonly secrets = new Map<string, Promise<Secret>>();
  private readonly configMaps = new Map<string, Promise<ConfigMap>>();

  constructor(client: ApiClient, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  async valueOf({ configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }: EnvVarSource, object: UnstructuredObject, container: Container): Promise<string> {
    if (secretKeyRef !== undefined) {
      const { name = "", key } = secretKeyRef;
      const secret = await remembered(this.secrets, name, () => this.client.resource(secrets, this.namespace).get(name));
      const value = secret.data?.[key];
      if (value === undefined) throw new CommandError(`key ${key} not found in secret ${name}`);
      return Buffer.from(value, "base64").toString("utf8");
    }
    if (configMapKeyRef !== undefined) {
      const { name = "", key } = configMapKeyRef;
      const configMap = await remembered(this.configMaps, name, () => this.client.resource(configMaps, this.namespace).get(name));
      const value = configMap.data?.[key];
      if (value === undefined) throw new CommandError(`key ${key} not found in config map ${name}`);
      return value;
    }
    if (fieldRef !== undefined) return fieldText(object, fieldRef.fieldPath);
    if (resourceFieldRef !== undefined) return resourceText(container, resourceFieldRef.resource, resourceFieldRef.divisor);
    throw new CommandError("invalid valueFrom");
  }
}

function remembered<T>(known: Map<string, Promise<T>>, name: string, read: () => Promise<T>): Promise<T> {
  let value = known.get(name);
  if (value === undefined) known.set(name, (value = read()));
  return value;
}

function fieldText({ metadata }: UnstructuredObject, path: string): string {
  const subscripted = /^(.+?)\['(.*)'\]$/s.exec(path);
  if (subscripted !== null) {
    const [, field = "", key = ""] = subscripted;
    if (field !== "metadata.annotations" && field !== "metadata.labels") throw new CommandError(`fieldPath ${JSON.stringify(path)} does not support subscript`);
    const problems = isQualifiedName(field === "metadata.annotations" ? key.toLowerCase() : key);
    if (problems.length > 0) throw new CommandError(`invalid key subscript in ${path}: ${problems.join(";")}`);
    return (field === "metadata.annotations" ? metadata.annotations : metadata.labels)?.[key] ?? "";
  }
  switch (path) {
    case "metadata.annotations":
      return mapText(metadata.annotations);
    case "metadata.labels":
      return mapText(metadata.labels);
    case "metadata.name":
      return metadata.name ?? "";
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid ?? "";
    default:
      throw new CommandError(`unsupported fieldPath: ${path}`);
  }
}

function mapText(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map).sort().map((key) => `${key}=${JSON.stringify(map[key])}`).join("\n");
}

function resourceText({ resources = {} }: Container, path: string, divisorText: string | undefined): string {
  const [, list = "", name = ""] = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/.exec(path) ?? [];
  if (list === "") throw new CommandError(`Unsupported container resource : ${path}`);
  const amount = parseQuantity((list === "limits" ? resources.limits : resources.requests)?.[name] ?? "0");
  const given = parseQuantity(divisorText ?? "0");
  const divisor = given.isZero() ? parseQuantity("1") : given;
  const [value, unit] = name === "cpu" ? [amount.milliValue(), divisor.milliValue()] : [amount.value(), divisor.value()];
  return String(Math.ceil(Number(value) / Number(unit)));
}
