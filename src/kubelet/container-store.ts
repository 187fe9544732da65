// What is known of a cluster's containers, by Docker's events and by what our own calls returned.
import { Label, SANDBOX_NAME } from "./labels.ts";

/** One container as Docker has it, or the sandbox of a pod. Times are milliseconds since the epoch. */
export interface ContainerRecord {
  readonly id: string;
  readonly podUid: string;
  readonly podName: string;
  readonly podNamespace: string;
  readonly node: string;
  /** Name in the pod's spec; "POD" for the sandbox. */
  readonly name: string;
  readonly attempt: number;
  readonly hash: string;
  /** The image as it was asked for. */
  readonly image: string;
  /** The pod's address, on a sandbox. */
  readonly podIP: string;
  readonly labels: Readonly<Record<string, string>>;
  state: "created" | "running" | "exited";
  startedAt: number;
  finishedAt: number;
  exitCode: number;
  oomKilled: boolean;
  /** Why it could not be started, in the engine's words. */
  startError?: string;
  /** What it left as its last words; read once, after its end. */
  terminationMessage?: string;
}

/** Reads a record off a container's labels. */
export function containerRecord(id: string, labels: Readonly<Record<string, string>>, image: string): ContainerRecord {
  return {
    id,
    podUid: labels[Label.podUid] ?? "",
    podName: labels[Label.podName] ?? "",
    podNamespace: labels[Label.podNamespace] ?? "",
    node: labels[Label.node] ?? "",
    name: labels[Label.container] ?? "",
    attempt: Number(labels[Label.attempt] ?? 0),
    hash: labels[Label.hash] ?? "",
    image,
    podIP: labels[Label.podIP] ?? "",
    labels,
    state: "created",
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    oomKilled: false,
  };
}

/** All containers of a cluster; who listens is told of the pod that changed. */
export class ContainerStore {
  private readonly records = new Map<string, ContainerRecord>();
  private readonly pods = new Map<string, Set<ContainerRecord>>();
  private readonly listeners = new Set<(record: ContainerRecord) => void>();

  /** Calls `listener` after each change; returns what ends that. */
  onChange(listener: (record: ContainerRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get(id: string): ContainerRecord | undefined {
    return this.records.get(id);
  }

  /** Every container known. */
  all(): Iterable<ContainerRecord> {
    return this.records.values();
  }

  /** The containers of a pod, sandboxes included. */
  ofPod(uid: string): ContainerRecord[] {
    return [...(this.pods.get(uid) ?? [])];
  }

  /** The pod's containers of that name, the latest attempt first. */
  attempts(uid: string, name: string): ContainerRecord[] {
    return this.ofPod(uid).filter((record) => record.name === name).sort((a, b) => b.attempt - a.attempt);
  }

  /** The pod's latest sandbox. */
  sandbox(uid: string): ContainerRecord | undefined {
    return this.attempts(uid, SANDBOX_NAME)[0];
  }

  /** Adds a container unless it is known; returns the known one. */
  add(record: ContainerRecord): ContainerRecord {
    const known = this.records.get(record.id);
    if (known !== undefined) return known;
    this.records.set(record.id, record);
    const siblings = this.pods.get(record.podUid);
    if (siblings === undefined) this.pods.set(record.podUid, new Set([record]));
    else siblings.add(record);
    return record;
  }

  /** It runs since `at`, unless it is known to have ended after that. */
  started(record: ContainerRecord, at: number): void {
    if (record.state === "exited" && record.finishedAt >= at) return;
    const changed = record.state !== "running";
    record.state = "running";
    if (record.startedAt === 0 || changed) record.startedAt = at;
    if (changed) this.notify(record);
  }

  /** It ended at `at`. */
  died(record: ContainerRecord, at: number, exitCode: number): void {
    if (record.state === "exited") return;
    Object.assign(record, { state: "exited", finishedAt: at, exitCode });
    this.notify(record);
  }

  /** The kernel killed it, or a process in it, for want of memory. */
  oom(record: ContainerRecord): void {
    record.oomKilled = true;
  }

  /** It is gone from Docker. */
  removed(id: string): void {
    const record = this.records.get(id);
    if (record === undefined) return;
    this.records.delete(id);
    const siblings = this.pods.get(record.podUid);
    siblings?.delete(record);
    if (siblings?.size === 0) this.pods.delete(record.podUid);
    // The end of one that had ended was told already.
    if (record.state !== "exited") this.notify(record);
  }

  private notify(record: ContainerRecord): void {
    for (const listener of this.listeners) listener(record);
  }
}
