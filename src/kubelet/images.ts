// Behaviour: pkg/kubelet/images/image_manager.go: an image is there before its container is made.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, Pod } from "../api/generated/types/core/v1.ts";
import type { Clock } from "../util/clock.ts";
import { formatDuration } from "../util/duration.ts";
import { Limiter } from "../util/limiter.ts";
import type { Backoff } from "./backoff.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { DockerError } from "./docker.ts";
import { defaultTag, imageNameError } from "./image-reference.ts";

/** What is used of an image. */
export interface ImageInfo {
  /** "sha256:...". */
  readonly id: string;
  /** As a container's status names it. */
  readonly statusId: string;
  /** The user of its configuration; "" is root. */
  readonly user: string;
  readonly stopSignal: string | undefined;
  readonly size: number;
  readonly names: readonly string[];
}

/** An image is not to be had: the container waits with this reason and message. */
export class ImageError extends Error {
  override readonly name = "ImageError";
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Records an event of the container that needs the image. */
export type ImageEvent = (type: "Normal" | "Warning", reason: string, message: string) => void;

/** Credentials of registries, as a .dockerconfigjson holds them. */
export type RegistryAuths = Readonly<Record<string, unknown>>;

/** How many images are pulled at a time. */
const PULLS = 3;

/** The images of the engine. */
export class Images {
  private readonly runtime: ContainerRuntime;
  private readonly clock: Clock;
  private readonly backoff: Backoff;
  private readonly lookups = new Map<string, Promise<ImageInfo | undefined>>();
  private readonly known = new Map<string, ImageInfo>();
  private readonly lastErrors = new Map<string, { message: string; at: number }>();
  private readonly pulls = new Limiter(PULLS);

  constructor(runtime: ContainerRuntime, clock: Clock, backoff: Backoff) {
    this.runtime = runtime;
    this.clock = clock;
    this.backoff = backoff;
    runtime.onImageChange(() => this.lookups.clear());
  }

  /** What was last seen of an image, without asking. */
  lastSeen(image: string): ImageInfo | undefined {
    return this.known.get(defaultTag(image));
  }

  /** Every image that was looked up, each once. */
  all(): ImageInfo[] {
    return [...new Map([...this.known.values()].map((info) => [info.id, info])).values()];
  }

  /** The image of that name in the engine now. */
  async find(image: string): Promise<ImageInfo | undefined> {
    const running = this.lookups.get(image);
    if (running !== undefined) return running;
    const lookup = this.inspect(image);
    this.lookups.set(image, lookup);
    lookup.then(
      (found) => found === undefined && this.lookups.delete(image),
      () => this.lookups.delete(image),
    );
    return lookup;
  }

  /** The container's image, pulled where its policy wants that. Throws an ImageError. */
  async ensure(pod: Pod, container: Container, event: ImageEvent, auths: () => Promise<RegistryAuths>, signal: AbortSignal): Promise<ImageInfo> {
    const requested = container.image ?? "";
    const fault = imageNameError(requested);
    if (fault !== undefined) {
      const message = `Failed to apply default image tag ${JSON.stringify(requested)}: couldn't parse image name ${JSON.stringify(requested)}: ${fault}`;
      event("Warning", "InspectFailed", message);
      throw new ImageError("InvalidImageName", message);
    }
    const image = defaultTag(requested);
    const policy = container.imagePullPolicy ?? "IfNotPresent";
    if (policy !== "Always") {
      const found = await this.find(image);
      if (found !== undefined) {
        event("Normal", "Pulled", `Container image ${JSON.stringify(requested)} already present on machine and can be accessed by the pod`);
        return found;
      }
      if (policy === "Never") {
        const message = `Container image ${JSON.stringify(requested)} is not present with pull policy of Never`;
        event("Warning", "ErrImageNeverPull", message);
        throw new ImageError("ErrImageNeverPull", message);
      }
    }
    return this.pull(pod, requested, image, event, auths, signal);
  }

  private async pull(pod: Pod, requested: string, image: string, event: ImageEvent, auths: () => Promise<RegistryAuths>, signal: AbortSignal): Promise<ImageInfo> {
    const key = `${pod.metadata.uid ?? ""}_${image}`;
    const last = this.lastErrors.get(key);
    if (last !== undefined && this.backoff.remaining(key, last.at) > 0) {
      const message = `Back-off pulling image ${JSON.stringify(requested)}`;
      event("Normal", "BackOff", message);
      throw new ImageError("ImagePullBackOff", `${message}: ErrImagePull: ${last.message}`);
    }
    event("Normal", "Pulling", `Pulling image ${JSON.stringify(requested)}`);
    const asked = this.clock.monotonic();
    let begun = asked;
    try {
      await this.pulls.run(async () => {
        begun = this.clock.monotonic();
        await this.pullNow(image, await auths(), signal);
      });
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      event("Warning", "Failed", `Failed to pull image ${JSON.stringify(requested)}: ${error.message}`);
      const at = this.clock.now();
      this.backoff.next(key, at);
      this.lastErrors.set(key, { message: error.message, at });
      throw new ImageError("ErrImagePull", error.message);
    }
    this.lastErrors.delete(key);
    this.lookups.delete(image);
    const found = await this.find(image);
    if (found === undefined) throw new ImageError("ErrImagePull", `image ${JSON.stringify(image)} was pulled and is not there`);
    const took = (since: number) => formatDuration(Math.round(this.clock.monotonic() - since));
    event("Normal", "Pulled", `Successfully pulled image ${JSON.stringify(requested)} in ${took(begun)} (${took(asked)} including waiting). Image size: ${found.size} bytes.`);
    return found;
  }

  /** When the next pull for that pod may be tried, in milliseconds from now. */
  pullBackoff(pod: Pod, image: string): number {
    const key = `${pod.metadata.uid ?? ""}_${defaultTag(image)}`;
    const last = this.lastErrors.get(key);
    return last === undefined ? 0 : this.backoff.remaining(key, last.at);
  }

  /** Forgets what was noted for a pod. */
  forget(podUid: string): void {
    this.backoff.forget(`${podUid}_`);
    for (const key of this.lastErrors.keys()) if (key.startsWith(`${podUid}_`)) this.lastErrors.delete(key);
  }

  private async pullNow(image: string, auths: RegistryAuths, signal: AbortSignal): Promise<void> {
    if (Object.keys(auths).length === 0) {
      await this.runtime.docker.run(["pull", "--quiet", image], { signal });
      return;
    }
    // Credentials go through a folder that only we can read, never through arguments.
    const folder = await mkdtemp(join(tmpdir(), "skiff-pull-"));
    try {
      await writeFile(join(folder, "config.json"), JSON.stringify({ auths }), { mode: 0o600 });
      await this.runtime.docker.run(["--config", folder, "pull", "--quiet", image], { signal });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async inspect(image: string): Promise<ImageInfo | undefined> {
    const result = await this.runtime.docker.call(["image", "inspect", image]);
    if (result.exitCode !== 0) {
      if (/No such image/i.test(result.stderr)) return undefined;
      throw new DockerError(result.stderr.trim(), result.exitCode);
    }
    const [found] = JSON.parse(result.stdout) as { Id: string; RepoDigests?: string[]; RepoTags?: string[]; Size: number; Config?: { User?: string; StopSignal?: string } }[];
    if (found === undefined) return undefined;
    const [digest] = found.RepoDigests ?? [];
    const info: ImageInfo = {
      id: found.Id,
      statusId: digest === undefined ? `docker://${found.Id}` : `docker-pullable://${digest}`,
      user: found.Config?.User ?? "",
      stopSignal: found.Config?.StopSignal,
      size: found.Size,
      names: [...(found.RepoTags ?? []), ...(found.RepoDigests ?? [])],
    };
    this.known.set(image, info);
    return info;
  }
}
