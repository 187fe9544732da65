// Behaviour: pkg/kubelet/prober/prober.go: one run of one probe.
import { connect } from "node:net";
import type { Container, Probe } from "../api/generated/types/core/v1.ts";
import type { Clock } from "../util/clock.ts";
import { execInContainer } from "./container-exec.ts";
import { dialError } from "./dial-error.ts";
import type { Docker } from "./docker.ts";
import { expand } from "./expansion.ts";
import { checkHealth } from "./grpc-health.ts";
import { containerPort, httpGet } from "./http-get.ts";

/** What a run came to. An error says nothing of the container: the run does not count. */
export type ProbeOutcome =
  | { readonly result: "success" }
  | { readonly result: "warning"; readonly output: string }
  | { readonly result: "failure"; readonly output: string }
  | { readonly result: "error"; readonly message: string };

/** What a probe runs against. */
export interface ProbeTarget {
  readonly container: Container;
  readonly containerId: string;
  readonly podIP: string;
}

/** Probes a container once. */
export type RunProbe = (probe: Probe, target: ProbeTarget) => Promise<ProbeOutcome>;

/** Probes through the docker CLI and the pod's network. */
export function proberOn(docker: Docker, clock: Clock): RunProbe {
  return async (probe, target) => {
    const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
    try {
      if (probe.exec !== undefined) return await execProbe(docker, clock, probe.exec.command ?? [], target, timeoutMs);
      if (probe.httpGet !== undefined) return await httpProbe(probe.httpGet, target, timeoutMs);
      if (probe.tcpSocket !== undefined) {
        const { host, port } = probe.tcpSocket;
        return await tcpProbe(host === undefined || host === "" ? target.podIP : host, containerPort(port, target.container), timeoutMs);
      }
      if (probe.grpc !== undefined) {
        const failure = await checkHealth(target.podIP, probe.grpc.port, probe.grpc.service ?? "", timeoutMs);
        return failure === undefined ? { result: "success" } : { result: "failure", output: failure };
      }
      return { result: "error", message: `missing probe handler for ${target.container.name}` };
    } catch (error) {
      return { result: "error", message: error instanceof Error ? error.message : String(error) };
    }
  };
}

async function execProbe(docker: Docker, clock: Clock, command: readonly string[], target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  const fixed = new Map((target.container.env ?? []).map(({ name, value = "" }) => [name, value]));
  const outcome = await execInContainer(docker, clock, target.containerId, command.map((word) => expand(word, (name) => fixed.get(name))), timeoutMs);
  if (outcome.kind === "failed") return { result: "error", message: outcome.message };
  if (outcome.kind === "timedOut") return { result: "failure", output: outcome.message };
  return outcome.exitCode === 0 ? { result: "success" } : { result: "failure", output: outcome.output };
}

async function httpProbe(action: NonNullable<Probe["httpGet"]>, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  const outcome = await httpGet(action, target.container, target.podIP, "probe", timeoutMs);
  if ("error" in outcome) return { result: "failure", output: outcome.error };
  if (outcome.redirectedAway) return { result: "warning", output: `Probe terminated redirects, Response body: ${outcome.body}` };
  return outcome.status >= 200 && outcome.status < 400 ? { result: "success" } : { result: "failure", output: `HTTP probe failed with statuscode: ${outcome.status}` };
}

function tcpProbe(host: string, port: number, timeoutMs: number): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const finish = (outcome: ProbeOutcome) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.on("connect", () => finish({ result: "success" }));
    socket.on("timeout", () => finish({ result: "failure", output: `dial tcp ${host}:${port}: i/o timeout` }));
    socket.on("error", (error) => finish({ result: "failure", output: dialError(error, host, port) }));
  });
}
