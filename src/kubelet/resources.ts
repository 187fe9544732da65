// Behaviour: pkg/kubelet/cm/helpers_linux.go, pkg/kubelet/qos/policy.go.
import type { Container, Pod } from "../api/generated/types/core/v1.ts";
import { parseQuantity } from "../api/quantity.ts";
import type { ResourceOptions } from "./docker-args.ts";
import { qosClass } from "./pod-spec.ts";

const SHARES_PER_CPU = 1024n;
const MIN_SHARES = 2n;
const MAX_SHARES = 262_144n;

/** The limits and weights that a container's resources mean. */
export function resourceOptions(container: Pick<Container, "resources">): ResourceOptions {
  const { limits = {}, requests = {} } = container.resources ?? {};
  const limit = limits["cpu"] === undefined ? undefined : parseQuantity(limits["cpu"]);
  const memory = limits["memory"] === undefined ? undefined : parseQuantity(limits["memory"]);
  const request = requests["cpu"] === undefined ? limit : parseQuantity(requests["cpu"]);
  const shares = request === undefined ? MIN_SHARES : (request.milliValue() * SHARES_PER_CPU) / 1000n;
  return {
    ...(limit !== undefined && !limit.isZero() && { cpuMillis: Number(limit.milliValue()) }),
    cpuShares: Number(shares < MIN_SHARES ? MIN_SHARES : shares > MAX_SHARES ? MAX_SHARES : shares),
    ...(memory !== undefined && !memory.isZero() && { memoryBytes: memory.value() }),
  };
}

/** How soon the kernel picks the container when memory is short; undefined leaves it as it is (only root may go below 0). */
export function oomScoreAdj(pod: Pod, container: Container, memoryCapacity: bigint): number | undefined {
  const qos = qosClass(pod);
  if (qos === "Guaranteed") return undefined;
  if (qos === "BestEffort") return 1000;
  const request = container.resources?.requests?.["memory"];
  const bytes = request === undefined ? 0n : parseQuantity(request).value();
  const score = memoryCapacity === 0n ? 1000 : Number(1000n - (1000n * bytes) / memoryCapacity);
  return Math.max(2, Math.min(999, score));
}
