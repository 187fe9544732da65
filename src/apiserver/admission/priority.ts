// Behaviour: k8s.io/kubernetes/plugin/pkg/admission/priority: pods get the number that their priority class stands for.
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { PriorityClass } from "../../api/generated/types/scheduling/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { priorityClasses } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { isAbout, isCreation, refuse } from "./attributes.ts";

type StoredClass = PriorityClass & KubernetesObject;

/** What a pod without a class gets where no class is the default. */
const NO_CLASS = { name: "", value: 0, preemptionPolicy: "PreemptLowerPriority" } as const;

/** Resolves priority classes, and allows but one default. */
export const priority: AdmissionStep = {
  name: "Priority",
  mutate(request) {
    if (!isAbout(request, "", "pods") || request.object === undefined) return;
    const { spec } = request.object as unknown as Pod;
    if (isCreation(request)) resolve(request, spec);
    else if (request.operation === "UPDATE" && request.old !== undefined) keep(spec, (request.old as Pod).spec);
  },
  validate(request) {
    if (!isAbout(request, "scheduling.k8s.io", "priorityclasses") || (request.operation !== "CREATE" && request.operation !== "UPDATE")) return;
    const { globalDefault, metadata } = request.object as unknown as PriorityClass;
    if (globalDefault !== true) return;
    const existing = defaultClass(request);
    if (existing === undefined || (request.operation === "UPDATE" && existing.metadata.name === metadata.name)) return;
    throw refuse(request, `PriorityClass ${existing.metadata.name} is already marked as default. Only one default can exist`);
  },
};

function resolve(request: AdmissionRequest, spec: Pod["spec"]): void {
  const { name, value, preemptionPolicy } = classFor(request, spec.priorityClassName ?? "");
  if (name !== "") spec.priorityClassName = name;
  if (spec.priority !== undefined && spec.priority !== value) {
    throw refuse(request, `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`);
  }
  spec.priority = value;
  if (preemptionPolicy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    throw refuse(
      request,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  }
  spec.preemptionPolicy = preemptionPolicy;
}

function classFor(request: AdmissionRequest, name: string): { name: string; value: number; preemptionPolicy?: string } {
  const found = name === "" ? defaultClass(request) : request.context.lookup<StoredClass>(priorityClasses, "", name);
  if (found === undefined && name !== "") throw refuse(request, `no PriorityClass with name ${name} was found`);
  if (found === undefined) return NO_CLASS;
  const { value, preemptionPolicy } = found;
  return { name: found.metadata.name ?? "", value: value ?? 0, ...(preemptionPolicy !== undefined && { preemptionPolicy }) };
}

/** Of several (two clients may be as fast), the least counts. */
function defaultClass({ context }: AdmissionRequest): StoredClass | undefined {
  const defaults = context.lookupAll<StoredClass>(priorityClasses, "").filter(({ globalDefault }) => globalDefault === true);
  return defaults.reduce<StoredClass | undefined>((least, next) => (least === undefined || (least.value ?? 0) > (next.value ?? 0) ? next : least), undefined);
}

function keep(spec: Pod["spec"], old: Pod["spec"]): void {
  if (spec.priority === undefined && old.priority !== undefined) spec.priority = old.priority;
  if (spec.preemptionPolicy === undefined && old.preemptionPolicy !== undefined) spec.preemptionPolicy = old.preemptionPolicy;
}
