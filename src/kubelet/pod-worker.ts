// Behaviour: pkg/kubelet/pod_workers.go, kubelet.go SyncPod, SyncTerminatingPod, SyncTerminatedPod: one pod, one thing at a time.
import { isNotFound, StatusError } from "../api/errors.ts";
import type { Container, Pod } from "../api/generated/types/core/v1.ts";
import { pods } from "../api/resource-refs.ts";
import type { CancelTimer } from "../util/clock.ts";
import { graceSeconds, killContainer, killPodContainers, waitForEnd } from "./container-killer.ts";
import { startContainer, StartFailure } from "./container-starter.ts";
import { lostAttempt, type WaitingReason } from "./container-statuses.ts";
import type { ContainerRecord } from "./container-store.ts";
import { podHostsFile } from "./etc-hosts.ts";
import { SANDBOX_NAME } from "./labels.ts";
import { computePodActions, latest, type ObservedPod, type PodActions, runningSandbox } from "./pod-actions.ts";
import type { PodContext } from "./pod-context.ts";
import { PodMounts } from "./pod-mounts.ts";
import { PodProbes } from "./pod-probes.ts";
import { PodSandbox } from "./pod-sandbox.ts";
import { findContainer, formatPod, isTerminalPhase } from "./pod-spec.ts";
import { mergedConditions, readinessGatesDiffer } from "./pod-conditions.ts";
import { podStatus } from "./pod-status.ts";
import { Resizer } from "./pod-resize.ts";
import { containerUser } from "./security-context.ts";
import { StatusWriter } from "./status-writer.ts";
import { readLastWords } from "./termination-message.ts";
import { WaitingReasons } from "./waiting-reasons.ts";

/** After a failure the next try comes soon, then at this pace. */
const FIRST_RETRY_MS = 2_000;
const RETRY_MS = 12_000;

/** A sandbox has nothing to finish. */
const SANDBOX_STOP_MS = 5_000;

const DEADLINE_MESSAGE = "Pod was active on the node longer than the specified deadline";

/** Keeps one pod as its spec wants it. */
export class PodWorker {
  private readonly context: PodContext;
  private readonly uid: string;
  private readonly status: StatusWriter;
  private readonly probes: PodProbes;
  private readonly resizer: Resizer;
  private readonly sandbox: PodSandbox;
  private readonly mounts: PodMounts;
  private readonly waiting: WaitingReasons;
  private readonly hurry = new AbortController();
  private readonly lifetime = new AbortController();
  private readonly onDone: () => void;
  private pod: Pod;
  private gone = false;
  private done = false;
  private stopping = false;
  private failed: { reason: string; message: string } | undefined;
  private failures = 0;
  private dirty = false;
  private running: Promise<void> | undefined;
  private timer: CancelTimer | undefined;
  private hurryTimer: CancelTimer | undefined;

  /** `onDone` is called when nothing of the pod is left to do on this node. */
  constructor(context: PodContext, pod: Pod, onDone: () => void) {
    this.context = context;
    this.pod = pod;
    this.uid = pod.metadata.uid ?? "";
    this.onDone = onDone;
    this.status = new StatusWriter({ client: context.client, clock: context.clock, logger: context.logger, pod });
    this.waiting = new WaitingReasons(context.clock, context.crashes);
    this.probes = new PodProbes(context, () => this.wake());
    this.resizer = new Resizer(context);
    this.sandbox = new PodSandbox(context, runningSandbox(this.observed()));
    this.mounts = new PodMounts(context);
  }

  /** The pod as the API has it now. */
  update(pod: Pod): void {
    const before = this.pod;
    this.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) this.shorten(before);
    const changed = (["generation", "deletionTimestamp", "deletionGracePeriodSeconds"] as const).some((field) => pod.metadata[field] !== before.metadata[field]);
    if (changed || readinessGatesDiffer(before, pod)) this.wake();
  }

  /** The pod is gone from the API: nothing of it may go on. */
  removed(): void {
    this.gone = true;
    this.lifetime.abort();
    this.hurry.abort();
    this.wake();
  }

  /** Ends the containers and leaves everything else, for when the node goes down. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.lifetime.abort();
    await this.running;
    this.probes.stop();
    await killPodContainers(this.context, this.pod, this.records(), this.address, (container) => ({ seconds: graceSeconds(this.pod, container), hurry: this.hurry.signal }));
    const sandbox = runningSandbox(this.observed());
    if (sandbox === undefined) return;
    await this.context.runtime.signal(sandbox.id, "SIGTERM");
    await waitForEnd(this.context, sandbox, SANDBOX_STOP_MS);
  }

  /** Looks again at what there is to do. */
  wake(): void {
    this.dirty = true;
    if (this.done || this.stopping) return;
    this.running ??= this.loop().finally(() => (this.running = undefined));
  }

  /** Brings the files of the pod's configuration volumes up to date. */
  async refreshVolumes(): Promise<void> {
    if (this.pod.metadata.deletionTimestamp === undefined) await this.mounts.refresh(this.pod, this.address);
  }

  /** The pod as the API had it last. */
  get spec(): Pod {
    return this.pod;
  }

  /** Why a container does not start; undefined when nothing holds it. */
  waitingReason(container: string): WaitingReason | undefined {
    return this.waiting.get(container);
  }

  /** The pod's address. */
  get address(): string {
    return this.sandbox.addressOf(this.pod);
  }

  private async loop(): Promise<void> {
    // What arrives in one turn of the loop is one thing to look at.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.dirty && !this.done && !this.stopping) {
      this.dirty = false;
      this.timer?.();
      this.timer = undefined;
      try {
        const again = await this.sync();
        if (again !== undefined) this.timer = this.context.clock.setTimer(again, () => this.wake());
      } catch (error) {
        this.context.logger.error("a pod could not be brought to its spec", { pod: formatPod(this.pod), error });
        this.timer = this.context.clock.setTimer(this.retryDelay(), () => this.wake());
      }
    }
  }

  /** One step; resolves with when to look again without being woken. */
  private async sync(): Promise<number | undefined> {
    if (this.gone) return this.vanish();
    await this.readLastWords();
    if (this.pod.metadata.deletionTimestamp !== undefined) return this.terminate();
    if (isTerminalPhase(this.status.latest.phase)) return this.rest();
    const deadline = this.deadlineIn();
    if (deadline !== undefined && deadline <= 0) {
      this.failed = { reason: "DeadlineExceeded", message: DEADLINE_MESSAGE };
      this.context.events.event(this.pod, "Normal", "DeadlineExceeded", DEADLINE_MESSAGE);
      return this.finish(this.pod.spec.terminationGracePeriodSeconds);
    }
    const observed = this.observed();
    this.probes.follow(this.pod, observed, this.address, this.status.latest);
    this.publish(false);
    const again = await this.act(computePodActions(this.pod, observed));
    const delays = [again, deadline].filter((delay) => delay !== undefined);
    return delays.length === 0 ? undefined : Math.min(...delays);
  }

  private async act(actions: PodActions): Promise<number | undefined> {
    if (actions.killPod && !actions.createSandbox) return this.finish();
    if (actions.createSandbox && actions.sandboxAttempt > 0) await this.clearForNewSandbox();
    const mountRetry = await this.mounts.ensure(this.pod, this.address);
    if (mountRetry !== undefined) return mountRetry;
    if (actions.createSandbox && !(await this.sandbox.create(this.pod, actions.sandboxAttempt, this.mounts.memoryVolumes()))) return this.retryDelay();
    // What is killed now is restarted at once; what ended by itself may be held back.
    const ended = new Map(this.records().filter((record) => record.state === "exited").sort((a, b) => a.attempt - b.attempt).map((record) => [record.name, record]));
    await Promise.all(actions.kill.map(({ record, container, message, probe }) => this.kill(record, container, message, graceSeconds(this.pod, container, probe))));
    const sandbox = runningSandbox(this.observed());
    if (sandbox === undefined) return this.retryDelay();
    const delays: number[] = [];
    const start = async (container: Container) => {
      const delay = await this.start(container, sandbox, ended.get(container.name));
      if (delay !== undefined) delays.push(delay);
      return delay === undefined;
    };
    for (const container of actions.startEphemeral) await start(container);
    for (const container of actions.startInit) if (!(await start(container))) break;
    for (const container of actions.start) {
      if (this.pod.metadata.deletionTimestamp !== undefined || this.gone) break;
      await start(container);
    }
    await this.resizer.resize(this.pod, this.observed());
    if (delays.length === 0) this.failures = 0;
    // What was started may be all that a next container waits for; events of the engine tell the rest.
    this.probes.follow(this.pod, this.observed(), this.address, this.status.latest);
    this.publish(false);
    return delays.length === 0 ? undefined : Math.min(...delays);
  }

  /** Starts a container unless it crashed too recently; resolves with when to try again if it did not start. */
  private async start(container: Container, sandbox: ContainerRecord, ended: ContainerRecord | undefined): Promise<number | undefined> {
    const placed = findContainer(this.pod, container.name);
    if (placed === undefined) return undefined;
    const previous = latest(this.observed(), container.name);
    const heldBack = this.waiting.holdBack(this.pod, container, ended, sandbox);
    if (heldBack !== undefined) {
      this.context.events.event(this.pod, "Warning", "BackOff", `Back-off restarting failed container ${container.name} in pod ${formatPod(this.pod)}`, placed.fieldPath);
      return heldBack;
    }
    const attempt = previous !== undefined ? previous.attempt + 1 : lostAttempt(this.pod, container.name);
    try {
      await startContainer(this.context, {
        pod: this.pod,
        placed,
        sandbox,
        attempt,
        podIP: this.address,
        sources: this.mounts.sources,
        hostsFile: await podHostsFile(this.pod, this.sandbox.podIP, this.context),
        findRecord: (name) => latest(this.observed(), name),
        kill: (record) => this.kill(record, container, "FailedPostStartHook", graceSeconds(this.pod, container)),
        signal: this.lifetime.signal,
      });
      this.waiting.started(container.name);
      this.resizer.started(container);
      this.removeOldAttempts(container.name, attempt);
      return undefined;
    } catch (error) {
      if (this.lifetime.signal.aborted) return undefined;
      if (!(error instanceof StartFailure)) throw error;
      this.waiting.failed(container.name, error.waiting);
      this.removeOldAttempts(container.name, attempt);
      if (["RunContainerError", "PostStartHookError"].includes(error.waiting.reason)) return FIRST_RETRY_MS;
      return error.waiting.reason === "ImagePullBackOff" ? this.context.images.pullBackoff(this.pod, container.image ?? "") : this.retryDelay();
    }
  }

  /** The sandbox is lost: what ran in it ends, and the pod starts from its beginning. */
  private async clearForNewSandbox(): Promise<void> {
    this.context.events.event(this.pod, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
    await this.killAll({ seconds: 0, hurry: AbortSignal.abort() });
    const init = new Set((this.pod.spec.initContainers ?? []).map((container) => container.name));
    await this.context.runtime.remove(this.allRecords().filter((record) => record.name === SANDBOX_NAME || init.has(record.name)).map((record) => record.id));
    this.sandbox.release();
  }

  /** All is done, or over: what runs ends, the status becomes final, and the sandbox goes. */
  private async finish(override?: number): Promise<undefined> {
    this.probes.stop();
    if (this.failed !== undefined) this.publish(true);
    await this.killAll({ ...(override !== undefined && { seconds: override }), hurry: this.hurry.signal });
    await this.readLastWords();
    this.publish(true);
    await this.status.flush();
    return this.rest();
  }

  /** A pod that is over keeps its ended containers for their logs, and nothing else. */
  private async rest(): Promise<undefined> {
    this.probes.stop();
    if (this.allRecords().length === 0) return undefined;
    const sandbox = runningSandbox(this.observed());
    await this.killAll({ seconds: 0, hurry: AbortSignal.abort() });
    if (sandbox !== undefined) {
      await this.context.runtime.remove([sandbox.id]);
      this.sandbox.release();
    }
    this.publish(true);
    return undefined;
  }

  /** The pod is being deleted: its containers end in their time, then the API is told that it may go. */
  private async terminate(): Promise<undefined> {
    this.lifetime.abort();
    this.shorten(this.pod);
    this.probes.quiet();
    await this.killAll({ hurry: this.hurry.signal });
    if (this.gone) return this.vanish();
    await this.readLastWords();
    this.probes.stop();
    this.publish(true);
    await this.status.flush();
    await this.cleanUp();
    const { name = "", namespace = "" } = this.pod.metadata;
    await this.context.client
      .resource(pods, namespace)
      .delete(name, { gracePeriodSeconds: 0, preconditions: { uid: this.uid } })
      .catch((error: unknown) => {
        if (!isNotFound(error) && !(error instanceof StatusError && error.code === 409)) throw error;
      });
    this.end();
    return undefined;
  }

  private async vanish(): Promise<undefined> {
    this.probes.stop();
    await this.cleanUp();
    this.end();
    return undefined;
  }

  private async cleanUp(): Promise<void> {
    await this.context.runtime.remove(this.allRecords().map((record) => record.id));
    this.sandbox.release();
    await this.mounts.tearDown(this.pod);
    this.context.tokens.forget(this.uid);
    this.context.images.forget(this.uid);
    this.context.crashes.forget(this.uid);
  }

  private end(): void {
    this.done = true;
    this.timer?.();
    this.hurryTimer?.();
    this.onDone();
  }

  private async kill(record: ContainerRecord, container: Container, message: string, seconds: number): Promise<void> {
    const placed = findContainer(this.pod, container.name);
    if (placed === undefined) return;
    await killContainer(this.context, { pod: this.pod, ...placed, record, podIP: this.address, message }, { seconds, hurry: this.hurry.signal });
    await this.readLastWords();
  }

  private killAll(grace: { seconds?: number; hurry: AbortSignal }): Promise<void> {
    return killPodContainers(this.context, this.pod, this.records(), this.address, (container) => ({ seconds: grace.seconds ?? graceSeconds(this.pod, container), hurry: grace.hurry }));
  }

  /** A later deletion may leave less time than the first one did. */
  private shorten(before: Pod): void {
    const { deletionTimestamp, deletionGracePeriodSeconds } = this.pod.metadata;
    if (deletionTimestamp === undefined) return;
    if (deletionGracePeriodSeconds === 0) return this.hurry.abort();
    if (before === this.pod || before.metadata.deletionTimestamp === undefined || deletionGracePeriodSeconds === before.metadata.deletionGracePeriodSeconds) return;
    this.hurryTimer?.();
    this.hurryTimer = this.context.clock.setTimer((deletionGracePeriodSeconds ?? 0) * 1000, () => this.hurry.abort());
  }

  private deadlineIn(): number | undefined {
    const { activeDeadlineSeconds } = this.pod.spec;
    const started = this.status.latest.startTime;
    if (activeDeadlineSeconds === undefined) return undefined;
    return (started === undefined ? this.context.clock.now() : Date.parse(started)) + activeDeadlineSeconds * 1000 - this.context.clock.now();
  }

  /** The engine keeps the last attempt before the present one, for its log and its end. */
  private removeOldAttempts(name: string, attempt: number): void {
    const old = this.allRecords().filter((record) => record.name === name && record.attempt < attempt - 1);
    if (old.length > 0) void this.context.runtime.remove(old.map((record) => record.id));
  }

  private readLastWords(): Promise<void> {
    return readLastWords(this.context, this.pod, this.records());
  }

  private publish(terminal: boolean): void {
    const { context } = this;
    this.status.set(
      podStatus({
        pod: { ...this.pod, status: { ...this.status.latest, conditions: mergedConditions(this.status.latest.conditions ?? [], this.pod.status.conditions ?? []) } },
        observed: this.observed(),
        waiting: (name) => this.waiting.shown(name),
        imageId: (image) => context.images.lastSeen(image)?.statusId ?? "",
        user: (container) => containerUser(this.pod, container, context.images.lastSeen(container.image ?? "")?.user ?? ""),
        hostIP: context.hostIP,
        podIP: this.sandbox.podIP === "" ? (this.status.latest.podIP ?? "") : this.sandbox.podIP,
        terminal,
        ...(this.failed !== undefined && { failed: this.failed }),
        now: context.clock.now(),
      }),
    );
  }

  private allRecords(): ContainerRecord[] {
    return this.context.runtime.store.ofPod(this.uid);
  }

  private records(): ContainerRecord[] {
    return this.allRecords().filter((record) => record.name !== SANDBOX_NAME);
  }

  private observed(): ObservedPod {
    return { records: this.allRecords(), probe: (kind, id) => this.probes.result(kind, id) };
  }

  private retryDelay(): number {
    this.failures++;
    return this.failures === 1 ? FIRST_RETRY_MS : RETRY_MS;
  }
}
