// Behaviour: k8s.io/kubernetes/plugin/pkg/admission/serviceaccount: pods run as a service account, with its token at hand.
import { forbidden } from "../../api/errors.ts";
import type { Container, EphemeralContainer, Pod, ServiceAccount, Volume, VolumeMount } from "../../api/generated/types/core/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { serviceAccounts } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";

const DEFAULT_ACCOUNT = "default";
const VOLUME_PREFIX = "kube-api-access-";
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";
const ENFORCE_ANNOTATION = "kubernetes.io/enforce-mountable-secrets";
const TOKEN_SECONDS = 3607;
const DEFAULT_ACCOUNT_ATTEMPTS = 10;
const RETRY_MS = 100;

type StoredPod = Pod & KubernetesObject;
type StoredServiceAccount = ServiceAccount & KubernetesObject;

/** Gives pods the account of their namespace and mounts its token. */
export const serviceAccountAdmission: AdmissionStep = {
  name: "ServiceAccount",
  async mutate(request) {
    const pod = podOf(request);
    if (pod === undefined || request.operation !== "CREATE") return;
    if (isMirrorPod(pod)) return validateMirrorPod(request, pod);
    pod.spec.serviceAccountName ||= DEFAULT_ACCOUNT;
    pod.spec.serviceAccount = pod.spec.serviceAccountName;
    const account = await findAccount(request, pod.spec.serviceAccountName);
    if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(request, pod);
    if ((pod.spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) {
      pod.spec.imagePullSecrets = (account.imagePullSecrets ?? []).map(({ name }) => ({ name }));
    }
  },
  async validate(request) {
    const pod = podOf(request);
    if (pod === undefined) return;
    if (request.operation === "CREATE" && isMirrorPod(pod)) return validateMirrorPod(request, pod);
    const isEphemeral = request.operation === "UPDATE" && request.subresource === "ephemeralcontainers";
    if (request.operation !== "CREATE" && !isEphemeral) return;
    const name = pod.spec.serviceAccountName ?? "";
    if (name === "") throw refuse(request, `no service account specified for pod ${request.namespace}/${pod.metadata.name ?? ""}`);
    const account = await findAccount(request, name);
    if (!["1", "t", "T", "true", "TRUE", "True"].includes(account.metadata.annotations?.[ENFORCE_ANNOTATION] ?? "")) return;
    limitSecrets(request, pod, account, isEphemeral);
  },
};

function podOf(request: AdmissionRequest): StoredPod | undefined {
  const { resource, subresource, object } = request;
  if (resource.group !== "" || resource.resource !== "pods" || (subresource !== "" && subresource !== "ephemeralcontainers")) return undefined;
  return object?.kind === "Pod" ? (object as unknown as StoredPod) : undefined;
}

function isMirrorPod(pod: StoredPod): boolean {
  return pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined;
}

/** The default account is made by a controller, which may need a moment after a namespace is born. */
async function findAccount(request: AdmissionRequest, name: string): Promise<StoredServiceAccount> {
  const { context, namespace } = request;
  const attempts = name === DEFAULT_ACCOUNT ? DEFAULT_ACCOUNT_ATTEMPTS : 1;
  for (let attempt = 1; ; attempt++) {
    const account = context.lookup<StoredServiceAccount>(serviceAccounts, namespace, name);
    if (account !== undefined) return account;
    if (attempt >= attempts) throw refuse(request, `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`);
    await context.clock.sleep(RETRY_MS);
  }
}

function mountToken(request: AdmissionRequest, pod: StoredPod): void {
  const existing = (pod.spec.volumes ?? []).find((volume) => volume.name.startsWith(VOLUME_PREFIX));
  const name = existing?.name ?? `${VOLUME_PREFIX}${request.context.ids.suffix(5)}`;
  let mounted = false;
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) mounted = mount(container, name) || mounted;
  if (existing === undefined && mounted) (pod.spec.volumes ??= []).push(tokenVolume(name));
}

function mount(container: Container, volume: string): boolean {
  if ((container.volumeMounts ?? []).some((mount) => mount.mountPath === MOUNT_PATH)) return false;
  const volumeMount: VolumeMount = { name: volume, readOnly: true, mountPath: MOUNT_PATH };
  (container.volumeMounts ??= []).push(volumeMount);
  return true;
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
      ],
      defaultMode: 0o644,
    },
  };
}

function validateMirrorPod(request: AdmissionRequest, pod: StoredPod): void {
  if ((pod.spec.serviceAccountName ?? "") !== "") throw refuse(request, "a mirror pod may not reference service accounts");
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])];
  const hasSecrets =
    (pod.spec.imagePullSecrets ?? []).length > 0 ||
    (pod.spec.volumes ?? []).some((volume) => volume.secret !== undefined) ||
    containers.some((container) => secretUses(container).length > 0);
  if (hasSecrets) throw refuse(request, "a mirror pod may not reference secrets");
  const hasTokens = (pod.spec.volumes ?? []).some((volume) => volume.projected?.sources?.some((source) => source.serviceAccountToken !== undefined));
  if (hasTokens) throw refuse(request, "a mirror pod may not use ServiceAccountToken volume projections");
}

/** The secrets in a container's environment, each with the words that say where. */
function secretUses(container: Container | EphemeralContainer): { secret: string; where: string }[] {
  const single = (container.env ?? []).flatMap((variable) => {
    const secret = variable.valueFrom?.secretKeyRef?.name;
    return secret === undefined ? [] : [{ secret, where: `envVar ${variable.name}` }];
  });
  const whole = (container.envFrom ?? []).flatMap((source) => (source.secretRef === undefined ? [] : [{ secret: source.secretRef.name ?? "", where: "envFrom" }]));
  return [...single, ...whole];
}

function limitSecrets(request: AdmissionRequest, pod: StoredPod, account: StoredServiceAccount, ephemeralOnly: boolean): void {
  const mountable = new Set((account.secrets ?? []).map((secret) => secret.name));
  const notAllowed = (what: string) => refuse(request, `${what} is not allowed because service account ${account.metadata.name} does not reference that secret`);
  const check = (kind: string, containers: readonly (Container | EphemeralContainer)[]) => {
    for (const container of containers) {
      for (const { secret, where } of secretUses(container)) {
        if (!mountable.has(secret)) throw notAllowed(`${kind} ${container.name} with ${where} referencing secret.secretName="${secret}"`);
      }
    }
  };
  if (ephemeralOnly) return check("ephemeral container", pod.spec.ephemeralContainers ?? []);
  for (const volume of pod.spec.volumes ?? []) {
    const secret = volume.secret?.secretName;
    if (secret !== undefined && !mountable.has(secret)) throw notAllowed(`volume with secret.secretName="${secret}"`);
  }
  check("init container", pod.spec.initContainers ?? []);
  check("container", pod.spec.containers);
  const pullSecrets = new Set((account.imagePullSecrets ?? []).map((secret) => secret.name));
  for (const [index, { name }] of (pod.spec.imagePullSecrets ?? []).entries()) {
    if (pullSecrets.has(name)) continue;
    throw refuse(request, `imagePullSecrets[${index}].name="${name}" is not allowed because service account ${account.metadata.name} does not reference that imagePullSecret`);
  }
}

function refuse(request: AdmissionRequest, reason: string): Error {
  return forbidden(request.resource, request.name, reason);
}
