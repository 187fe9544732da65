// Where a local cluster keeps its files: the CLI and the daemon meet at these paths.
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The name of the cluster that is meant when none is given. */
export const DEFAULT_CLUSTER = "skiff";

/** The files of one cluster; the folder is mode 0700, keys, kubeconfig and database are 0600. */
export interface ClusterPaths {
  readonly name: string;
  readonly folder: string;
  /** The API server's Unix socket. */
  readonly socket: string;
  readonly kubeconfig: string;
  readonly pidFile: string;
  readonly log: string;
  readonly database: string;
  /** Ports, network and nodes that the cluster was made with (JSON). */
  readonly configuration: string;
  /** CA, certificates and keys. */
  readonly pki: string;
  /** Volumes and logs of pods. */
  readonly pods: string;
}

/** $SKIFF_HOME, else ~/.skiff. */
export function skiffHome(env: Readonly<Record<string, string | undefined>>): string {
  return resolve(env["SKIFF_HOME"] || join(homedir(), ".skiff"));
}

/** The paths of the cluster `name`. */
export function clusterPaths(env: Readonly<Record<string, string | undefined>>, name: string): ClusterPaths {
  const folder = join(skiffHome(env), "clusters", name);
  return {
    name,
    folder,
    socket: join(folder, "api.sock"),
    kubeconfig: join(folder, "kubeconfig"),
    pidFile: join(folder, "daemon.pid"),
    log: join(folder, "daemon.log"),
    database: join(folder, "state.db"),
    configuration: join(folder, "cluster.json"),
    pki: join(folder, "pki"),
    pods: join(folder, "pods"),
  };
}

/** The name of the kubeconfig entries of a cluster: "skiff" for the default one, else "skiff-NAME". */
export function contextName(clusterName: string): string {
  return clusterName === DEFAULT_CLUSTER ? "skiff" : `skiff-${clusterName}`;
}
