// Behaviour: pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isNotFound } from "../api/errors.ts";
import type { Pod } from "../api/generated/types/core/v1.ts";
import { secrets, serviceAccounts } from "../api/resource-refs.ts";
import { containerOptions, targetContainerName } from "./container-options.ts";
import type { ContainerRecord } from "./container-store.ts";
import type { WaitingReason } from "./container-statuses.ts";
import { DockerError } from "./docker.ts";
import type { Mount } from "./docker-args.ts";
import { ContainerConfigError, containerEnvironment } from "./environment.ts";
import { ImageError, type ImageInfo, type RegistryAuths } from "./images.ts";
import { runHook } from "./lifecycle-hooks.ts";
import type { PlacedContainer } from "./pod-spec.ts";
import type { PodContext } from "./pod-context.ts";
import { verifyRunAsNonRoot } from "./security-context.ts";
import { serviceEnvironment } from "./service-environment.ts";
import { makeTerminationLog, terminationLog } from "./termination-message.ts";
import type { PodVolumes } from "./volumes/pod-volumes.ts";

/** A container did not start: what its status says of it. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
  readonly waiting: WaitingReason;

  constructor(reason: string, message: string) {
    super(message);
    this.waiting = { reason, message };
  }
}

/** What a start needs of its pod. */
export interface StartInput {
  readonly pod: Pod;
  readonly placed: PlacedContainer;
  readonly sandbox: ContainerRecord;
  readonly attempt: number;
  readonly podIP: string;
  readonly sources: Awaited<ReturnType<PodVolumes["setUp"]>>;
  readonly hostsFile: string;
  /** The container whose processes an ephemeral one sees. */
  findRecord(name: string): ContainerRecord | undefined;
  /** Kills what failed its postStart hook. */
  kill(record: ContainerRecord): Promise<void>;
  readonly signal: AbortSignal;
}

/** Starts a container: image, configuration, the container itself, its postStart hook. Throws a StartFailure. */
export async function startContainer(context: PodContext, input: StartInput): Promise<ContainerRecord> {
  const { pod, placed } = input;
  const { container, fieldPath } = placed;
  const event = (type: "Normal" | "Warning", reason: string, message: string) => context.events.event(pod, type, reason, message, fieldPath);
  const image = await context.images.ensure(pod, container, event, () => registryAuths(context, pod), input.signal).catch((error: unknown) => {
    if (!(error instanceof ImageError)) throw error;
    event("Warning", "Failed", `Error: ${error.reason}`);
    throw new StartFailure(error.reason, error.message);
  });
  const options = await configure(context, input, image).catch((error: unknown) => {
    if (!(error instanceof ContainerConfigError)) throw error;
    event("Warning", "Failed", `Error: ${error.message}`);
    throw new StartFailure("CreateContainerConfigError", error.message);
  });
  let record: ContainerRecord;
  try {
    record = await context.runtime.runContainer(options);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    // What was made and could not be started has a record; what could not even be made has none.
    const made = input.findRecord(container.name)?.attempt === input.attempt;
    if (made) event("Normal", "Created", "Container created");
    event("Warning", "Failed", `Error: ${error.message}`);
    throw new StartFailure(made ? "RunContainerError" : "CreateContainerError", error.message);
  }
  event("Normal", "Created", "Container created");
  event("Normal", "Started", "Container started");
  if (container.lifecycle?.postStart !== undefined) {
    const failure = await runHook({ docker: context.runtime.docker, clock: context.clock }, container.lifecycle.postStart, { pod, container, containerId: record.id, podIP: input.podIP }, input.signal);
    if (failure !== undefined) {
      event("Warning", "FailedPostStartHook", "PostStartHook failed");
      await input.kill(record);
      throw new StartFailure("PostStartHookError", failure);
    }
  }
  return record;
}

async function configure(context: PodContext, input: StartInput, image: ImageInfo) {
  const { pod, placed, attempt, sandbox, podIP } = input;
  const { container } = placed;
  verifyRunAsNonRoot(pod, container, image.user);
  const services = serviceEnvironment(await context.services(), pod.metadata.namespace ?? "", pod.spec.enableServiceLinks !== false, context.apiServer);
  const addresses = { podIP, hostIP: context.hostIP };
  const environment = await containerEnvironment({ pod, container, services, source: context.source, addresses, node: context.node });
  const { mounts, volumes } = await context.volumes.mounts(container.volumeMounts ?? [], input.sources, environment);
  const target = targetContainerName(container);
  const targetId = target === undefined ? undefined : input.findRecord(target)?.id;
  if (target !== undefined && targetId === undefined) throw new ContainerConfigError(`unable to find target container ${JSON.stringify(target)}`);
  return containerOptions({
    pod,
    container,
    owner: context.owner,
    attempt,
    sandboxId: sandbox.id,
    image,
    environment,
    mounts: [...mounts, ...(await ownMounts(context, input))],
    volumes,
    memoryCapacity: context.memoryCapacity,
    ...(targetId !== undefined && { targetId }),
  });
}

/** The files that every container gets: /etc/hosts and the file for its last words. */
async function ownMounts(context: PodContext, { pod, placed, attempt, hostsFile }: StartInput): Promise<Mount[]> {
  const { container } = placed;
  const folder = context.volumes.podFolder(pod.metadata.uid ?? "");
  const mounts: Mount[] = [];
  const has = (path: string) => (container.volumeMounts ?? []).some((mount) => mount.mountPath === path);
  const last = container.terminationMessagePath ?? "/dev/termination-log";
  if (last !== "" && !has(last)) {
    const path = terminationLog(folder, container.name, attempt);
    await makeTerminationLog(path);
    mounts.push({ source: path, target: last, readOnly: false });
  }
  if (!has("/etc/hosts")) {
    const path = join(folder, "etc-hosts");
    await writeFile(path, hostsFile);
    mounts.push({ source: path, target: "/etc/hosts", readOnly: false });
  }
  return mounts;
}

/** The credentials that the pod's secrets, and its service account's, hold for registries. */
async function registryAuths(context: PodContext, pod: Pod): Promise<RegistryAuths> {
  const { namespace = "" } = pod.metadata;
  const account = await context.client.resource(serviceAccounts, namespace).get(pod.spec.serviceAccountName ?? "default").catch(() => undefined);
  const auths: Record<string, unknown> = {};
  for (const { name = "" } of [...(account?.imagePullSecrets ?? []), ...(pod.spec.imagePullSecrets ?? [])]) {
    const secret = await context.client.resource(secrets, namespace).get(name).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      context.events.event(pod, "Warning", "FailedToRetrieveImagePullSecret", `Unable to retrieve some image pull secrets (${name}); attempting to pull the image may not succeed.`);
      return undefined;
    });
    const encoded = secret?.data?.[".dockerconfigjson"];
    if (encoded === undefined) continue;
    const parsed = JSON.parse(Buffer.from(encoded, "base64").toString("utf8")) as { auths?: Record<string, unknown> };
    Object.assign(auths, parsed.auths);
  }
  return auths;
}
