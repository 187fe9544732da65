// Behaviour: plugin/pkg/admission/{storage/storageclass/setdefault,network/defaultingressclass}: who names no class gets the default one.
import type { PersistentVolumeClaim } from "../../api/generated/types/core/v1.ts";
import type { Ingress } from "../../api/generated/types/networking/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { ingressClasses, storageClasses } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { isAbout, isCreation } from "./attributes.ts";

const CLAIM_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const STORAGE_DEFAULTS = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
const INGRESS_CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const INGRESS_DEFAULTS = ["ingressclass.kubernetes.io/is-default-class"];

/** Gives claims without a storage class the cluster's default. */
export const defaultStorageClass: AdmissionStep = {
  name: "DefaultStorageClass",
  mutate(request) {
    if (!isAbout(request, "", "persistentvolumeclaims") || !isCreation(request)) return;
    const { spec, metadata } = request.object as unknown as PersistentVolumeClaim;
    if (spec.storageClassName !== undefined || metadata.annotations?.[CLAIM_CLASS_ANNOTATION] !== undefined) return;
    const name = newestDefault(request, storageClasses, STORAGE_DEFAULTS);
    if (name !== undefined) spec.storageClassName = name;
  },
};

/** Gives ingresses without a class the cluster's default. */
export const defaultIngressClass: AdmissionStep = {
  name: "DefaultIngressClass",
  mutate(request) {
    if (!isAbout(request, "networking.k8s.io", "ingresses") || !isCreation(request)) return;
    const { spec, metadata } = request.object as unknown as Ingress;
    if (spec.ingressClassName !== undefined || metadata.annotations?.[INGRESS_CLASS_ANNOTATION] !== undefined) return;
    const name = newestDefault(request, ingressClasses, INGRESS_DEFAULTS);
    if (name !== undefined) spec.ingressClassName = name;
  },
};

function newestDefault({ context }: AdmissionRequest, of: { group: string; resource: string }, annotations: readonly string[]): string | undefined {
  const isDefault = ({ metadata }: KubernetesObject) => annotations.some((annotation) => metadata.annotations?.[annotation] === "true");
  const born = ({ metadata }: KubernetesObject) => Date.parse(metadata.creationTimestamp ?? "");
  const [first] = [...context.lookupAll(of, "")].filter(isDefault).sort((a, b) => born(b) - born(a) || ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
  return first?.metadata.name;
}
