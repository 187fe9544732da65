// The flags of the commands that start a daemon, and the daemon's own that they become.
import { resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { type FlagValues, intFlag, stringFlag } from "../flags.ts";

/** What a daemon may be started with. */
export const daemonFlags = {
  "audit-log-path": stringFlag("File that gets a line of JSON for each request to the API server."),
  nodes: intFlag("How many nodes the cluster has; 0 leaves an existing cluster's as they are, and gives a new one 1."),
  port: intFlag("HTTPS port of the API server on loopback; 0 takes the last one, or a free one from 6443 on."),
  "token-auth-file": stringFlag("File of users that are known by static tokens, a line each: token,user,uid,\"group1,group2\"."),
};

type DaemonFlags = FlagValues<typeof daemonFlags>;

/** Throws a UsageError for numbers that make no cluster. */
export function checkDaemonFlags({ nodes, port }: DaemonFlags): void {
  if (nodes < 0 || nodes > 100) throw new UsageError(`--nodes must be between 1 and 100, and is ${nodes}`);
  if (port < 0 || port > 65_535) throw new UsageError(`--port must be between 1 and 65535, and is ${port}`);
}

/** The daemon's arguments; paths are made absolute, since the daemon has a folder of its own. */
export function daemonArguments(name: string, flags: DaemonFlags): string[] {
  const args = ["--name", name];
  if (flags.nodes > 0) args.push("--nodes", String(flags.nodes));
  if (flags.port > 0) args.push("--port", String(flags.port));
  for (const flag of ["audit-log-path", "token-auth-file"] as const) if (flags[flag] !== "") args.push(`--${flag}`, resolve(flags[flag]));
  return args;
}
