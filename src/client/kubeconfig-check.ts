// Behaviour: k8s.io/client-go/tools/clientcmd/api/latest (Codec): a file that is no kubeconfig is refused in encoding/json's words.
import { KubeconfigError } from "./kubeconfig-entries.ts";

/** The Go types of fields, which messages name. */
type GoType = "string" | "bool" | "[]string" | "[]uint8" | "map[string][]string";

interface EntryShape {
  /** The entry's Go type, and the one of the item that names it. */
  readonly type: string;
  readonly field: string;
  readonly fields: Readonly<Record<string, GoType>>;
}

const SHAPES: Readonly<Record<string, EntryShape>> = {
  clusters: {
    type: "Cluster",
    field: "cluster",
    fields: {
      server: "string",
      "tls-server-name": "string",
      "insecure-skip-tls-verify": "bool",
      "certificate-authority": "string",
      "certificate-authority-data": "[]uint8",
      "proxy-url": "string",
      "disable-compression": "bool",
    },
  },
  users: {
    type: "AuthInfo",
    field: "user",
    fields: {
      "client-certificate": "string",
      "client-certificate-data": "[]uint8",
      "client-key": "string",
      "client-key-data": "[]uint8",
      token: "string",
      tokenFile: "string",
      username: "string",
      password: "string",
      as: "string",
      "as-uid": "string",
      "as-groups": "[]string",
      "as-user-extra": "map[string][]string",
    },
  },
  contexts: { type: "Context", field: "context", fields: { cluster: "string", user: "string", namespace: "string" } },
};

/** Throws a KubeconfigError when a decoded file is not what a kubeconfig must be; unknown fields pass. */
export function checkKubeconfig(parsed: unknown, file: string): asserts parsed is Record<string, unknown> {
  const problem = problemOf(parsed);
  if (problem !== undefined) throw new KubeconfigError(`error loading config file "${file}": ${problem}`);
}

function problemOf(parsed: unknown): string | undefined {
  if (jsonKind(parsed) !== "object") {
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonKind(parsed)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  }
  const config = parsed as Record<string, unknown>;
  const { kind = "Config", apiVersion = "v1" } = config;
  if (kind !== "Config" || apiVersion !== "v1") {
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"`;
  }
  for (const [list, shape] of Object.entries(SHAPES)) {
    const problem = listProblem(list, shape, config[list]);
    if (problem !== undefined) return problem;
  }
  return mismatch(config["current-context"], "Config", "current-context", "string");
}

function listProblem(list: string, { type, field, fields }: EntryShape, items: unknown): string | undefined {
  if (items === undefined || items === null) return undefined;
  if (!Array.isArray(items)) return unmarshalError(items, "Config", list, `[]v1.Named${type}`);
  for (const item of items as unknown[]) {
    if (jsonKind(item) !== "object") return unmarshalError(item, "Config", list, `v1.Named${type}`);
    const { name, [field]: entry } = item as Record<string, unknown>;
    const problem = mismatch(name, `Named${type}`, `${list}.name`, "string");
    if (problem !== undefined) return problem;
    if (entry === undefined || entry === null) continue;
    if (jsonKind(entry) !== "object") return unmarshalError(entry, `Named${type}`, `${list}.${field}`, `v1.${type}`);
    for (const [name, goType] of Object.entries(fields)) {
      const problem = mismatch((entry as Record<string, unknown>)[name], type, `${list}.${field}.${name}`, goType);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function mismatch(value: unknown, struct: string, path: string, goType: GoType): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (jsonKind(value) !== JSON_KINDS[goType]) return unmarshalError(value, struct, path, goType);
  if (goType !== "[]uint8") return undefined;
  const bad = (value as string).replaceAll(/[\r\n]/g, "").search(/[^A-Za-z0-9+/=]/);
  return bad < 0 ? undefined : `illegal base64 data at input byte ${bad}`;
}

const JSON_KINDS: Readonly<Record<GoType, string>> = { string: "string", bool: "bool", "[]string": "array", "[]uint8": "string", "map[string][]string": "object" };

function unmarshalError(value: unknown, struct: string, path: string, goType: string): string {
  return `json: cannot unmarshal ${jsonKind(value)} into Go struct field ${struct}.${path} of type ${goType}`;
}

function jsonKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
