// Behaviour: pkg/kubelet/lifecycle/handlers.go.
import type { Container, LifecycleHandler, Pod } from "../api/generated/types/core/v1.ts";
import type { Clock } from "../util/clock.ts";
import { execInContainer } from "./container-exec.ts";
import type { Docker } from "./docker.ts";
import { httpGet } from "./http-get.ts";
import { formatPod } from "./pod-spec.ts";

/** How long an HTTP hook may take. */
const HTTP_TIMEOUT_MS = 30_000;

/** Runs a hook; resolves with why it failed, or undefined. */
export async function runHook(
  tools: { docker: Docker; clock: Clock },
  handler: LifecycleHandler,
  target: { pod: Pod; container: Container; containerId: string; podIP: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const where = `for Container "${target.container.name}" in Pod "${formatPod(target.pod)}" failed - error: `;
  if (handler.exec !== undefined) {
    const command = handler.exec.command ?? [];
    const outcome = await execInContainer(tools.docker, tools.clock, target.containerId, command);
    if (outcome.kind === "exited" && outcome.exitCode === 0) return undefined;
    const error = outcome.kind === "exited" ? `command '${command.join(" ")}' exited with ${outcome.exitCode}: ${outcome.output}` : outcome.message;
    return `Exec lifecycle hook ([${command.join(" ")}]) ${where}${error}, message: ${JSON.stringify(outcome.kind === "exited" ? outcome.output : "")}`;
  }
  if (handler.httpGet !== undefined) {
    const outcome = await httpGet(handler.httpGet, target.container, target.podIP, "lifecycle", HTTP_TIMEOUT_MS);
    return "error" in outcome ? `HTTP lifecycle hook (${handler.httpGet.path ?? ""}) ${where}${outcome.error}` : undefined;
  }
  if (handler.sleep !== undefined) {
    await tools.clock.sleep(handler.sleep.seconds * 1000, signal).catch(() => {});
    return undefined;
  }
  return "Cannot run handler: invalid handler";
}
