// The daemon as a process, seen from the CLI: whether one runs, how one is started and stopped.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ClusterPaths } from "../../client/cluster-paths.ts";
import { type DaemonReport, parseDaemonReport } from "../../client/daemon-report.ts";
import type { Clock } from "../../util/clock.ts";
import { CommandError } from "../errors.ts";

/** How often a stopping daemon is looked at. */
const STOP_POLL_MS = 20;

/** How long, and how often, a start that somebody else is at is waited for. */
const OTHER_START_MS = 10_000;
const START_POLL_MS = 300;

/**
 * The daemon is to be small, and fast enough: a small young generation halves what V8 keeps after a burst, and optimizing
 * for size takes another 9 MB off for a seventh of the creates a second.
 */
const DAEMON_NODE_OPTIONS = ["--max-semi-space-size=2", "--optimize-for-size"];

/** The command line that runs the daemon with `args`, from the bundle or from the sources. */
export function daemonCommand(args: readonly string[]): [program: string, ...args: string[]] {
  const here = dirname(fileURLToPath(import.meta.url));
  const entry = ["daemon.js", "../daemon.js", "../../daemon/main.ts"].map((path) => join(here, path)).find((path) => existsSync(path));
  if (entry === undefined) throw new CommandError(`the daemon's program is missing beside ${here}: install skiff again`);
  return [process.execPath, ...DAEMON_NODE_OPTIONS, entry, ...args];
}

/** The process id of the cluster's daemon; undefined when none runs, even if a stale pid file says so. */
export async function runningDaemon(paths: ClusterPaths): Promise<number | undefined> {
  const pid = pidOf(paths);
  return pid !== undefined && isAlive(pid) && (await connects(paths.socket)) ? pid : undefined;
}

/** Another daemon of the cluster is starting or running. */
class ClusterInUse extends CommandError {
  override readonly name = "ClusterInUse";
}

/** Starts the daemon detached; resolves with its report once it is ready, throws a CommandError with what went wrong. */
async function startDaemon(paths: ClusterPaths, args: readonly string[], onProgress: (message: string) => void): Promise<DaemonReport & { type: "ready" }> {
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  const log = openSync(paths.log, "a", 0o600);
  const [program, ...words] = daemonCommand(args);
  const child = spawn(program, words, { detached: true, stdio: ["ignore", log, log, "pipe"] });
  closeSync(log);
  const failure = new Promise<never>((_, reject) => child.once("error", (error) => reject(new CommandError(`the daemon could not be started: ${error.message}`))));
  try {
    return await Promise.race([readReport(child.stdio[3] as Readable, paths, onProgress), failure]);
  } finally {
    child.stdio[3]?.destroy();
    child.unref();
  }
}

async function readReport(stream: Readable, paths: ClusterPaths, onProgress: (message: string) => void): Promise<DaemonReport & { type: "ready" }> {
  for await (const line of createInterface({ input: stream })) {
    const report = parseDaemonReport(line);
    if (report?.type === "ready") return report;
    if (report?.type === "failed") throw report.inUse === true ? new ClusterInUse(report.message) : new CommandError(report.message);
    if (report?.type === "progress") onProgress(report.message);
  }
  throw new CommandError(`the daemon ended while it started; the end of ${paths.log}:\n${lastLines(paths.log, 5)}`);
}

/**
 * Starts the daemon, or waits for the one that somebody else is just starting; resolves with whether it was started here.
 * Throws a CommandError with what went wrong.
 */
export async function ensureDaemon(paths: ClusterPaths, args: readonly string[], onProgress: (message: string) => void, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const end = clock.monotonic() + OTHER_START_MS;
  while ((await runningDaemon(paths)) === undefined) {
    try {
      await startDaemon(paths, args, onProgress);
      return true;
    } catch (error) {
      if (!(error instanceof ClusterInUse) || clock.monotonic() > end) throw error;
    }
    await clock.sleep(START_POLL_MS, signal);
  }
  return false;
}

/**
 * Ends the daemon, and waits until it is gone; resolves with false when none ran. SIGTERM lets it stop its pods, each in its
 * grace; SIGKILL leaves them to whoever comes next.
 */
export async function stopDaemon(paths: ClusterPaths, how: "SIGTERM" | "SIGKILL", clock: Clock, signal: AbortSignal): Promise<boolean> {
  const pid = await runningDaemon(paths);
  if (pid === undefined) return false;
  process.kill(pid, how);
  while (isAlive(pid)) await clock.sleep(STOP_POLL_MS, signal);
  return true;
}

/** A process's resident memory in bytes; undefined where the system does not say. */
export function residentBytes(pid: number): number | undefined {
  const result = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  const kilobytes = Number(result.stdout?.trim());
  return result.status === 0 && kilobytes > 0 ? kilobytes * 1024 : undefined;
}

function pidOf(paths: ClusterPaths): number | undefined {
  if (!existsSync(paths.pidFile)) return undefined;
  const pid = Number(readFileSync(paths.pidFile, "utf8").trim());
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether a process has ended and only its entry is left: in a container nobody may ever ask for its exit code. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.startsWith("Z") === true;
  } catch {
    return false;
  }
}

/** Whether somebody listens on a Unix socket; a pid alone may have passed to another process. */
function connects(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}

function lastLines(file: string, count: number): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
