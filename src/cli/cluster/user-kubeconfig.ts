// Puts a cluster's context into the user's kubeconfig, and takes it out again, leaving everything else there as it was.
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { type ClusterPaths, contextName } from "../../client/cluster-paths.ts";
import { defaultKubeconfigFile, type KubeconfigEntries } from "../../client/kubeconfig.ts";
import { KubeconfigFile } from "../../client/kubeconfig-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The kinds of entries a cluster has, one of each, all of one name. */
const LISTS = ["clusters", "users", "contexts"] as const;
const FIELDS = { clusters: "cluster", users: "user", contexts: "context" } as const;

/** Copies the cluster's entries into the user's kubeconfig, and returns the file and whether its context is the current one. */
export function mergeKubeconfig(paths: ClusterPaths, env: Environment): { file: string; isCurrent: boolean } {
  const name = contextName(paths.name);
  const file = defaultKubeconfigFile(env);
  const own = parse(readFileSync(paths.kubeconfig, "utf8")) as Record<string, Record<string, unknown>[]>;
  const target = new KubeconfigFile(file);
  for (const list of LISTS) target.set(list, name, own[list]?.[0]?.[FIELDS[list]] as KubeconfigEntries[typeof list]);
  // Whoever has chosen a context keeps it: a script of theirs must not end up here.
  if (target.currentContext === "") target.currentContext = name;
  target.save();
  return { file, isCurrent: target.currentContext === name };
}

/** Removes the cluster's entries from the user's kubeconfig. */
export function removeFromKubeconfig(paths: ClusterPaths, env: Environment): void {
  const name = contextName(paths.name);
  const file = defaultKubeconfigFile(env);
  if (!existsSync(file)) return;
  const target = new KubeconfigFile(file);
  for (const list of LISTS) target.remove(list, name);
  if (target.currentContext === name) target.currentContext = "";
  target.save();
}
