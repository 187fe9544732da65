// The daemon's program: starts a cluster, tells whoever started it, and runs until it is told to stop.
import { createWriteStream, fstatSync, readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { clusterPaths } from "../client/cluster-paths.ts";
import { type DaemonReport, REPORT_DESCRIPTOR } from "../client/daemon-report.ts";
import { systemClock } from "../util/clock.ts";
import { randomIds } from "../util/ids.ts";
import { createLogger, type Logger } from "../util/logger.ts";
import { StorageError } from "../store/sqlite-database.ts";
import { startDaemon } from "./daemon.ts";
import { purgeCluster } from "./purge.ts";

const { values } = parseArgs({
  options: {
    name: { type: "string", default: "skiff" },
    nodes: { type: "string", default: "0" },
    port: { type: "string", default: "0" },
    "audit-log-path": { type: "string" },
    "token-auth-file": { type: "string" },
    purge: { type: "boolean", default: false },
  },
});
const paths = clusterPaths(process.env, values.name);
const logger = createLogger((line) => process.stderr.write(line), process.env["SKIFF_DEBUG"] === "1" ? "debug" : "info");

/** Tells whoever started this process, if it listens. */
function report(line: DaemonReport): void {
  try {
    if (fstatSync(REPORT_DESCRIPTOR).isFIFO() || fstatSync(REPORT_DESCRIPTOR).isSocket()) writeSync(REPORT_DESCRIPTOR, `${JSON.stringify(line)}\n`);
  } catch {
    // Started by hand, or the starter is gone: the log says the same.
  }
}

async function run(): Promise<void> {
  const onProgress = (message: string) => report({ type: "progress", message });
  const daemon = await startDaemon({
    paths,
    nodes: Number(values.nodes),
    port: Number(values.port),
    ...(values["token-auth-file"] !== undefined && { tokenFile: readFileSync(values["token-auth-file"], "utf8") }),
    ...(values["audit-log-path"] !== undefined && { audit: appender(values["audit-log-path"]) }),
    clock: systemClock,
    ids: randomIds,
    logger,
    onProgress,
  });
  logger.info("ready", { server: daemon.server, nodes: daemon.nodes });
  report({ type: "ready", server: daemon.server, nodes: daemon.nodes });
  await terminationSignal();
  logger.info("stopping");
  await daemon.stop();
  logger.info("stopped");
}

/** Appends lines to a file that only the user may read. */
function appender(path: string): (line: string) => void {
  const stream = createWriteStream(path, { flags: "a", mode: 0o600 });
  stream.on("error", (error) => logger.error("the audit log cannot be written", { path, error }));
  return (line) => void stream.write(line);
}

/** Resolves at the first SIGTERM or SIGINT. */
function terminationSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}

/** A bug in one component must not take the cluster down: it is logged, and the rest goes on. */
function surviveBugs(log: Logger): void {
  process.on("uncaughtException", (error) => log.error("uncaught exception", { error, stack: error.stack }));
  process.on("unhandledRejection", (reason) => log.error("unhandled rejection", { error: reason, stack: reason instanceof Error ? reason.stack : undefined }));
  // Nobody reads the log any more; that is no reason to end.
  process.stderr.on("error", () => {});
}

try {
  if (values.purge) await purgeCluster(paths);
  else {
    surviveBugs(logger);
    await run();
  }
  process.exit(0);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  if (values.purge) process.stderr.write(`${message}\n`);
  else logger.error("failed", { error });
  report({ type: "failed", message, ...(error instanceof StorageError && error.problem === "locked" && { inUse: true }) });
  // What was opened before it failed must not keep the process.
  process.exit(1);
}
