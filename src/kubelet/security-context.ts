// Behaviour: pkg/kubelet/kuberuntime/security_context.go, pkg/securitycontext.
import type { Container, LinuxContainerUser, Pod } from "../api/generated/types/core/v1.ts";
import { ContainerConfigError } from "./environment.ts";
import { formatPod } from "./pod-spec.ts";

/** The part of Docker's options that a security context decides. */
export interface SecurityOptions {
  readonly user: string;
  readonly groups: readonly number[];
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly privileged: boolean;
  readonly readOnlyRootFilesystem: boolean;
  readonly securityOptions: readonly string[];
}

/** What the pod's and the container's security contexts come to. `imageUser` is the image's configured user. */
export function securityOptions(pod: Pod, container: Container, imageUser: string): SecurityOptions {
  const podContext = pod.spec.securityContext;
  const own = container.securityContext;
  const uid = own?.runAsUser ?? podContext?.runAsUser;
  const gid = own?.runAsGroup ?? podContext?.runAsGroup;
  const options: string[] = [];
  if (own?.allowPrivilegeEscalation === false) options.push("no-new-privileges");
  const seccomp = own?.seccompProfile ?? podContext?.seccompProfile;
  if (seccomp?.type === "Unconfined") options.push("seccomp=unconfined");
  if (seccomp?.type === "Localhost" && seccomp.localhostProfile !== undefined) options.push(`seccomp=/var/lib/kubelet/seccomp/${seccomp.localhostProfile}`);
  const appArmor = own?.appArmorProfile ?? podContext?.appArmorProfile;
  if (appArmor?.type === "Unconfined") options.push("apparmor=unconfined");
  if (appArmor?.type === "Localhost" && appArmor.localhostProfile !== undefined) options.push(`apparmor=${appArmor.localhostProfile}`);
  if (own?.procMount === "Unmasked") options.push("systempaths=unconfined");
  const selinux = own?.seLinuxOptions ?? podContext?.seLinuxOptions;
  for (const [key, value] of Object.entries(selinux ?? {})) options.push(`label=${key}:${String(value)}`);
  const fsGroup = podContext?.fsGroup;
  const user = uid !== undefined ? String(uid) : gid !== undefined ? (imageUser.split(":")[0] ?? "") || "0" : "";
  return {
    user: user === "" ? "" : gid === undefined ? user : `${user}:${gid}`,
    groups: [...(podContext?.supplementalGroups ?? []), ...(fsGroup === undefined ? [] : [fsGroup])],
    capAdd: own?.capabilities?.add ?? [],
    capDrop: own?.capabilities?.drop ?? [],
    privileged: own?.privileged ?? false,
    readOnlyRootFilesystem: own?.readOnlyRootFilesystem ?? false,
    securityOptions: options,
  };
}

/** Throws a ContainerConfigError when the container must not run as root and would, or might. */
export function verifyRunAsNonRoot(pod: Pod, container: Container, imageUser: string): void {
  const required = container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot;
  if (required !== true) return;
  const where = `(pod: "${formatPod(pod)}", container: ${container.name})`;
  const uid = container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
  if (uid !== undefined) {
    if (uid === 0) throw new ContainerConfigError(`container's runAsUser breaks non-root policy ${where}`);
    return;
  }
  const [name = ""] = imageUser.split(":");
  if (name === "" || name === "0") throw new ContainerConfigError(`container has runAsNonRoot and image will run as root ${where}`);
  if (!/^\d+$/.test(name)) throw new ContainerConfigError(`container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root ${where}`);
}

/** Who the container's first process is, as far as numbers are given. */
export function containerUser(pod: Pod, container: Container, imageUser: string): LinuxContainerUser {
  const [imageUid = "", imageGid = ""] = imageUser.split(":");
  const number = (text: string) => (/^\d+$/.test(text) ? Number(text) : 0);
  const podContext = pod.spec.securityContext;
  const uid = container.securityContext?.runAsUser ?? podContext?.runAsUser ?? number(imageUid);
  const gid = container.securityContext?.runAsGroup ?? podContext?.runAsGroup ?? number(imageGid);
  const groups = new Set([gid, ...(podContext?.fsGroup === undefined ? [] : [podContext.fsGroup]), ...(podContext?.supplementalGroups ?? [])]);
  return { uid, gid, supplementalGroups: [...groups].sort((a, b) => a - b) };
}
