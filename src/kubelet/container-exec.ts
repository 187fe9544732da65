// Behaviour: the CRI's ExecSync: a command in a container, for probes and hooks.
import type { Clock } from "../util/clock.ts";
import type { Docker } from "./docker.ts";

/** How much of a command's output is kept. */
const MAX_OUTPUT = 10 * 1024;

/** How a command in a container ended. */
export type ExecOutcome =
  | { readonly kind: "exited"; readonly exitCode: number; readonly output: string }
  | { readonly kind: "timedOut"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** Runs a command in a container; without `timeoutMs` it may take its time. */
export async function execInContainer(docker: Docker, clock: Clock, id: string, command: readonly string[], timeoutMs?: number): Promise<ExecOutcome> {
  const abort = new AbortController();
  const cancel = timeoutMs === undefined ? () => {} : clock.setTimer(timeoutMs, () => abort.abort());
  try {
    const result = await docker.call(["exec", id, ...command], { signal: abort.signal });
    const output = (result.stdout + result.stderr).slice(0, MAX_OUTPUT);
    // The CLI itself fails with 1 when the container does not run, and passes on 126 and 127 of the runtime.
    if (result.exitCode !== 0 && /^Error response from daemon|^Error: No such container/m.test(result.stderr)) return { kind: "failed", message: result.stderr.trim() };
    return { kind: "exited", exitCode: result.exitCode, output };
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    return { kind: "timedOut", message: `command timed out: ${JSON.stringify(command.join(" "))} timed out after ${(timeoutMs ?? 0) / 1000}s` };
  } finally {
    cancel();
  }
}
