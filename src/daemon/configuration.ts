// What a cluster was made with: kept beside its state, so that a later start finds the same ports, nodes and network.
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** The settings of one cluster. */
export interface ClusterConfiguration {
  readonly name: string;
  /** Labels everything that the cluster owns in Docker. */
  readonly clusterId: string;
  /** The HTTPS port on loopback and on the pod network's gateway. */
  readonly port: number;
  /** Node names; the first is the cluster's own. */
  readonly nodes: readonly string[];
  readonly serviceCidr: string;
}

/** Reads a configuration; undefined when the cluster has none yet. Throws an Error that names the file when it is damaged. */
export function readConfiguration(file: string): ClusterConfiguration | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<ClusterConfiguration>;
    if (typeof value.clusterId !== "string" || typeof value.port !== "number" || !Array.isArray(value.nodes)) throw new Error("a field is missing");
    return value as ClusterConfiguration;
  } catch (error) {
    throw new Error(`${file} is damaged: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes a configuration so that a crash leaves the old or the new one, never a part. */
export function writeConfiguration(file: string, configuration: ClusterConfiguration): void {
  writePrivateFile(file, `${JSON.stringify(configuration, undefined, 2)}\n`);
}

/** Replaces a file in one step; only the user may read it. */
export function writePrivateFile(file: string, content: string): void {
  const next = `${file}.next`;
  writeFileSync(next, content, { mode: 0o600 });
  renameSync(next, file);
}

/** The names of a cluster's nodes: the cluster's own name, then with numbers from 2. */
export function nodeNames(clusterName: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? clusterName : `${clusterName}-${index + 1}`));
}
