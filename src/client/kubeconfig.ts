// Behaviour: k8s.io/client-go/tools/clientcmd (ClientConfigLoadingRules): kubeconfig files, read and merged.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { checkKubeconfig } from "./kubeconfig-check.ts";
import { type KubeconfigCluster, type KubeconfigContext, KubeconfigError, type KubeconfigUser } from "./kubeconfig-entries.ts";

export type { KubeconfigEntries, KubeconfigUser } from "./kubeconfig-entries.ts";

/** An entry and the file it comes from; relative paths in it are of that file's folder. */
export interface Located<T> {
  readonly value: T;
  readonly file: string;
}

/** Several files as one. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, Located<KubeconfigCluster>>;
  readonly users: ReadonlyMap<string, Located<KubeconfigUser>>;
  readonly contexts: ReadonlyMap<string, Located<KubeconfigContext>>;
  /** "" when none is chosen. */
  readonly currentContext: string;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly extensions: readonly { name: string; extension: unknown }[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The files to read: the one that is named, else those of $KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(env: Environment, explicit = ""): string[] {
  if (explicit !== "") return [explicit];
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  if (listed.length > 0) return [...new Set(listed)];
  return [join(env["HOME"] || homedir(), ".kube", "config")];
}

/** The file that changes go to that belong to no file yet: the last of $KUBECONFIG that is there, or its last. */
export function defaultKubeconfigFile(env: Environment, explicit = ""): string {
  const files = kubeconfigFiles(env, explicit);
  return files.findLast((file) => readIfThere(file) !== undefined) ?? files.at(-1) ?? "";
}

/**
 * Reads the files as one: the first that has an entry, or the current context, wins. Missing files are left out, but not
 * one that was named. Throws a KubeconfigError.
 */
export function loadKubeconfig(env: Environment, explicit = ""): Kubeconfig {
  if (explicit !== "" && readIfThere(explicit) === undefined) throw new KubeconfigError(`stat ${explicit}: no such file or directory`);
  const merged = { clusters: new Map(), users: new Map(), contexts: new Map(), currentContext: "", preferences: {}, extensions: [] as { name: string; extension: unknown }[] };
  for (const file of kubeconfigFiles(env, explicit)) {
    const text = readIfThere(file);
    if (text === undefined) continue;
    const config = parseKubeconfig(text, file);
    addEntries(merged.clusters, config.clusters, "cluster", file);
    addEntries(merged.users, config.users, "user", file);
    addEntries(merged.contexts, config.contexts, "context", file);
    merged.currentContext ||= String(config["current-context"] ?? "");
    merged.preferences = { ...(config.preferences as object), ...merged.preferences };
    merged.extensions.push(...((config.extensions as typeof merged.extensions) ?? []).filter((extension) => !merged.extensions.some(({ name }) => name === extension.name)));
  }
  return merged;
}

/** The path that a file's entry means by `path`: relative ones are of the file's folder. */
export function resolveReference(path: string, file: string): string {
  return isAbsolute(path) ? path : join(resolve(dirname(file)), path);
}

type NamedEntry = { name?: string } & Record<string, unknown>;
type ParsedFile = { clusters?: NamedEntry[] | null; users?: NamedEntry[] | null; contexts?: NamedEntry[] | null } & Record<string, unknown>;

function parseKubeconfig(text: string, file: string): ParsedFile {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new KubeconfigError(`error loading config file "${file}": yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split("\n")[0]}`);
  const parsed: unknown = document.toJS() ?? {};
  checkKubeconfig(parsed, file);
  return parsed as ParsedFile;
}

function addEntries<T>(into: Map<string, Located<T>>, list: NamedEntry[] | null | undefined, field: string, file: string): void {
  const own = new Map((list ?? []).map((entry) => [entry.name ?? "", (entry[field] ?? {}) as T]));
  for (const [name, value] of own) if (!into.has(name)) into.set(name, { value, file });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new KubeconfigError(`error loading config file "${file}": ${code === "EACCES" ? `open ${file}: permission denied` : code === "EISDIR" ? `read ${file}: is a directory` : message}`);
  }
}
