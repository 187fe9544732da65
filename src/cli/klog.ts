// Behaviour: k8s.io/klog/v2: kubectl's own log lines, which some of its warnings are.
import type { IO } from "./io.ts";

/** Writes a warning as klog does: month and day, time, process id, and where in kubectl it is said. */
export function klogWarning(io: IO, place: string, text: string): void {
  const now = new Date(io.clock.now());
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${String(now.getMilliseconds()).padStart(3, "0")}000`;
  io.err(`W${day} ${time} ${String(process.pid).padStart(7)} ${place}] ${text}\n`);
}
