// Behaviour: pkg/kubelet/kuberuntime getTerminationMessage: a container's last words, from its file or its log.
import { chmod, mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Container, Pod } from "../api/generated/types/core/v1.ts";
import type { ContainerRecord } from "./container-store.ts";
import type { Docker } from "./docker.ts";
import type { PodContext } from "./pod-context.ts";
import { findContainer } from "./pod-spec.ts";

const MAX_BYTES = 4096;
const MAX_LOG_BYTES = 2048;
const MAX_LOG_LINES = 80;

/** The file on this machine that a container writes its last words to. */
export function terminationLog(podFolder: string, container: string, attempt: number): string {
  return join(podFolder, "containers", container, String(attempt));
}

/** Makes that file, for any user of the container to write to. */
export async function makeTerminationLog(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
  await chmod(path, 0o666);
}

/** Completes the records of containers that ended: their last words, and whether memory ran out. */
export async function readLastWords(context: Pick<PodContext, "runtime" | "volumes">, pod: Pod, records: readonly ContainerRecord[]): Promise<void> {
  const ended = records.filter((record) => record.state === "exited" && record.terminationMessage === undefined);
  // The event that says so may come after the one that tells the end.
  const unsure = ended.filter((record) => record.exitCode === 137 && !record.oomKilled).map((record) => record.id);
  if (unsure.length > 0 && pod.metadata.deletionTimestamp === undefined) await context.runtime.inspect(unsure);
  const folder = context.volumes.podFolder(pod.metadata.uid ?? "");
  for (const record of ended) {
    const container = findContainer(pod, record.name)?.container;
    record.terminationMessage = container === undefined ? "" : await readTerminationMessage(context.runtime.docker, folder, container, record);
  }
}

/** Reads what an ended container left; "" when it left nothing. */
async function readTerminationMessage(docker: Docker, podFolder: string, container: Container, record: ContainerRecord): Promise<string> {
  const written = await readStart(terminationLog(podFolder, record.name, record.attempt));
  if (written !== "" || container.terminationMessagePolicy !== "FallbackToLogsOnError" || record.exitCode === 0) return written;
  const result = await docker.call(["logs", "--tail", String(MAX_LOG_LINES), record.id]);
  const log = Buffer.from(result.stdout + result.stderr);
  return log.subarray(Math.max(0, log.length - MAX_LOG_BYTES)).toString("utf8");
}

async function readStart(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
