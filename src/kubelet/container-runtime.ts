// Behaviour: the CRI's runtime service: what a kubelet asks of the engine, and the one stream of what happens there.
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import { exitOf, readLines, startReader } from "../util/process.ts";
import { Batcher } from "./batcher.ts";
import { containerRecord, type ContainerRecord, ContainerStore } from "./container-store.ts";
import { type Docker, DockerError } from "./docker.ts";
import { type ContainerOptions, listArgs, runContainerArgs, runSandboxArgs, type SandboxOptions } from "./docker-args.ts";
import { applyEvent, eventsArgs, parseEvent } from "./docker-events.ts";
import { dockerNameOf, Label } from "./labels.ts";

/** What Docker says of one container; the part of `docker inspect` that is used. */
interface Inspection {
  readonly Id: string;
  readonly Created: string;
  readonly State: { readonly Status: string; readonly StartedAt: string; readonly FinishedAt: string; readonly ExitCode: number; readonly OOMKilled: boolean; readonly Error: string };
  readonly Config: { readonly Image: string; readonly Labels: Readonly<Record<string, string>> | null };
}

/** How an exit is told apart whose program could not be started, as containerd does. */
export const START_ERROR_EXIT_CODE = 128;

/** How long the stream of events may be away before it is started anew. */
const EVENTS_RETRY_MS = 1_000;

/** What the runtime is made of. */
export interface ContainerRuntimeOptions {
  readonly docker: Docker;
  /** The CLI's program, for long-running readers. */
  readonly dockerCommand: string;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes the sandboxes' image when it is missing. */
  readonly ensureSandboxImage: () => Promise<void>;
}

/** The containers of one cluster. */
export class ContainerRuntime {
  readonly store = new ContainerStore();
  readonly docker: Docker;
  readonly dockerCommand: string;
  private readonly clusterId: string;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly ensureSandboxImage: () => Promise<void>;
  private readonly imageListeners = new Set<() => void>();
  private readonly removals: Batcher<string>;
  private readonly kills: Batcher<string>;
  private readonly terms = new Map<string, Batcher<string>>();

  constructor(options: ContainerRuntimeOptions) {
    this.docker = options.docker;
    this.dockerCommand = options.dockerCommand;
    this.clusterId = options.clusterId;
    this.clock = options.clock;
    this.logger = options.logger;
    this.ensureSandboxImage = options.ensureSandboxImage;
    this.removals = new Batcher((ids) => this.removeNow(ids));
    this.kills = new Batcher((ids) => this.signalNow("KILL", ids));
  }

  /** Follows the engine's events until `signal` aborts; resolves when the present containers are known. */
  async start(signal: AbortSignal): Promise<void> {
    const since = this.clock.now() / 1000;
    void this.follow(since, signal);
    await this.relist();
  }

  /** Calls `listener` when the engine's images may have changed. */
  onImageChange(listener: () => void): void {
    this.imageListeners.add(listener);
  }

  /** Brings the store to what the engine has now. */
  async relist(): Promise<void> {
    const ids = (await this.docker.run(listArgs(Label.cluster, this.clusterId))).split("\n").filter((id) => id !== "");
    const present = new Set(ids);
    for (const record of this.store.all()) {
      // What was started while the list was made is not missing.
      if (!present.has(record.id) && this.clock.now() - record.startedAt > 10_000) this.store.removed(record.id);
    }
    await this.inspect(ids);
  }

  /** Brings these containers' records to what the engine says of them. */
  async inspect(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // One that is gone in between makes the exit code 1; the others are printed all the same.
    const result = await this.docker.call(["container", "inspect", ...ids]);
    for (const found of JSON.parse(result.stdout || "[]") as Inspection[]) this.learn(found);
  }

  /** Makes and starts a pod's sandbox. */
  async runSandbox(options: SandboxOptions): Promise<ContainerRecord> {
    try {
      return await this.run(options, runSandboxArgs(options));
    } catch (error) {
      // While no pod runs its image is one that nobody uses: another cluster's end or a prune takes it.
      if (!(error instanceof DockerError) || !error.message.includes("No such image")) throw error;
      await this.ensureSandboxImage();
      return this.run(options, runSandboxArgs(options));
    }
  }

  /** Makes and starts a container. One whose program cannot be started is recorded as ended, and the DockerError thrown. */
  async runContainer(options: ContainerOptions): Promise<ContainerRecord> {
    return this.run(options, runContainerArgs(options));
  }

  /** Sends a signal; resolves when it is sent. A container that ended already is no error. */
  signal(id: string, signal: string): Promise<void> {
    if (signal === "KILL" || signal === "SIGKILL") return this.kills.add(id);
    const batch = this.terms.get(signal) ?? new Batcher<string>((ids) => this.signalNow(signal, ids));
    this.terms.set(signal, batch);
    return batch.add(id);
  }

  /** Kills and removes containers; resolves when they are gone. */
  async remove(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.removals.add(id)));
  }

  private async run(options: SandboxOptions | ContainerOptions, args: readonly string[]): Promise<ContainerRecord> {
    const begun = this.clock.now();
    try {
      const id = (await this.docker.start(args)).trim().split("\n").at(-1) ?? "";
      if ("stdinOnce" in options && options.stdinOnce) await this.docker.start(["start", id]);
      const record = this.store.add(containerRecord(id, options.labels, options.image));
      if (record.state === "created") this.store.started(record, begun);
      return record;
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      return this.afterFailedRun(options, args, error);
    }
  }

  /** A name that is taken is a container that an earlier daemon started: it is adopted when it runs. */
  private async afterFailedRun(options: SandboxOptions | ContainerOptions, args: readonly string[], error: DockerError): Promise<ContainerRecord> {
    const conflict = /is already in use by container "?([0-9a-f]{64})/.exec(error.message)?.[1];
    if (conflict !== undefined) {
      await this.inspect([conflict]);
      const record = this.store.get(conflict);
      if (record?.state === "running") return record;
      await this.remove([conflict]);
      return this.run(options, args);
    }
    await this.inspect([options.name]);
    const left = [...this.store.ofPod(options.labels[Label.podUid] ?? "")].find((record) => record.startError !== undefined && dockerNameOf(record) === options.name);
    if (left !== undefined) left.finishedAt = this.clock.now();
    throw error;
  }

  private learn(found: Inspection): void {
    const record = this.store.add(containerRecord(found.Id, found.Config.Labels ?? {}, found.Config.Image));
    const { State: state } = found;
    if (state.OOMKilled) this.store.oom(record);
    if (state.Status === "created") {
      if (state.Error !== "") {
        record.startError = state.Error;
        this.store.died(record, Date.parse(found.Created), START_ERROR_EXIT_CODE);
      }
      return;
    }
    this.store.started(record, Date.parse(state.StartedAt));
    if (state.Status === "exited" || state.Status === "dead") this.store.died(record, Date.parse(state.FinishedAt), state.ExitCode);
  }

  private async removeNow(ids: readonly string[]): Promise<void> {
    const result = await this.docker.call(["rm", "--force", "--volumes", ...ids]);
    const failed = result.exitCode === 0 ? "" : result.stderr;
    for (const id of ids) if (!failed.includes(id) || /No such container/.test(failed)) this.store.removed(id);
    if (failed !== "" && !/No such container|already in progress/.test(failed)) this.logger.warn("containers could not be removed", { error: failed.trim() });
  }

  private async signalNow(signal: string, ids: readonly string[]): Promise<void> {
    const result = await this.docker.call(["kill", "--signal", signal, ...ids]);
    if (result.exitCode !== 0 && !/is not running|No such container/.test(result.stderr)) {
      this.logger.warn("a signal could not be sent", { signal, error: result.stderr.trim() });
    }
  }

  private async follow(since: number, signal: AbortSignal): Promise<void> {
    let from = since;
    while (!signal.aborted) {
      const child = startReader(this.dockerCommand, eventsArgs(from));
      const stop = () => child.kill();
      signal.addEventListener("abort", stop, { once: true });
      const ended = exitOf(child).catch((error: unknown) => this.logger.error("docker events cannot be read", { error }));
      await readLines(child.stdout, (line) => {
        const event = parseEvent(line);
        if (event === undefined) return;
        from = event.timeNano / 1e9;
        if (event.Type === "image") for (const listener of this.imageListeners) listener();
        else applyEvent(this.store, this.clusterId, event);
      }).catch((error: unknown) => this.logger.warn("the stream of docker events broke", { error }));
      await ended;
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return;
      this.logger.warn("docker events ended; starting it again");
      await this.clock.sleep(EVENTS_RETRY_MS, signal).catch(() => {});
      await this.relist().catch((error: unknown) => this.logger.warn("docker does not answer", { error }));
    }
  }
}
