// Behaviour: k8s.io/kubernetes/pkg/registry/core/pod/storage BindingREST: a pod gets its node, once.
import { StatusError, badRequest, conflict } from "../../api/errors.ts";
import { FieldPath, type FieldError, notSupportedValue, requiredValue } from "../../api/field-errors.ts";
import type { Binding, Pod } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { formatTime } from "../../util/clock.ts";
import { decodeBody } from "../body.ts";
import type { Call } from "../call.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import { parseWriteOptions } from "../options.ts";
import { admissionRequest, unexplained } from "../registry/create-object.ts";
import { guaranteedUpdate } from "../registry/guaranteed-update.ts";
import { ensureNamespace } from "../registry/system-fields.ts";
import { negotiate } from "../respond.ts";
import { podsOf } from "./pod-target.ts";
import type { Subresource } from "./subresource.ts";

const BINDING = { group: "", version: "v1", kind: "Binding", type: "core.v1.Binding" } as const;

/** pods/binding. */
export const bindingSubresource: Subresource = { name: "binding", create: (call) => bind(call, call.info.name) };

/** POST to pods/binding, or (without a name in the path) to bindings. */
export async function bind(call: Call, podName: string): Promise<ServerResponse> {
  negotiate(call);
  const options = parseWriteOptions(call.info.query, "CreateOptions");
  const binding = decodeBody(call, BINDING, options.fieldValidation) as unknown as Binding & UnstructuredObject;
  const namespace = call.info.namespace;
  ensureNamespace(binding.metadata, namespace);
  const name = binding.metadata.name ?? "";
  if (podName !== "" && podName !== name) throw badRequest("name in URL does not match name in Binding object");
  const admission = { ...admissionRequest(call, "CREATE", binding, undefined, options, options.dryRun), kind: BINDING, name };
  await call.parts.admission.mutate(admission);
  const errors = validateBinding(binding);
  if (errors.length > 0) throw unexplained(errors.length === 1 ? (errors[0]?.message ?? "") : `[${errors.map((error) => error.message).join(", ")}]`);
  await call.parts.admission.validate(admission);
  const now = call.parts.clock.now();
  await guaranteedUpdate(call, { resource: podsOf(call), namespace, name }, options.dryRun, (object) => assign(object as unknown as Pod & UnstructuredObject, binding, now));
  return objectResponse(201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }, call.warnings);
}

function validateBinding({ target }: Binding): FieldError[] {
  const path = new FieldPath("target");
  const errors: FieldError[] = [];
  const kind = target.kind ?? "";
  if (kind !== "" && kind !== "Node") errors.push(notSupportedValue(path.child("kind"), kind, ["Node", "<empty>"]));
  if ((target.name ?? "") === "") errors.push(requiredValue(path.child("name")));
  return errors;
}

function assign(pod: Pod & UnstructuredObject, binding: Binding & UnstructuredObject, now: number): void {
  const name = pod.metadata.name ?? "";
  const refuse = (reason: string): StatusError => conflict({ group: "", resource: "pods/binding" }, name, reason);
  checkPreconditions(pod, binding);
  if (pod.metadata.deletionTimestamp !== undefined) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if ((pod.spec.nodeName ?? "") !== "") throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
  if ((pod.spec.schedulingGates ?? []).length > 0) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  pod.spec.nodeName = binding.target.name ?? "";
  pod.status ??= {};
  delete pod.status.nominatedNodeName;
  const { annotations = {}, labels = {} } = binding.metadata;
  if (Object.keys(annotations).length > 0) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (Object.keys(labels).length > 0) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  markScheduled(pod, now);
}

function checkPreconditions(pod: UnstructuredObject, binding: UnstructuredObject): void {
  const resource = { group: "", resource: "pods" };
  const { uid = "", resourceVersion = "" } = binding.metadata;
  const name = pod.metadata.name ?? "";
  if (uid !== "" && uid !== pod.metadata.uid) throw conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
  if (resourceVersion !== "" && resourceVersion !== pod.metadata.resourceVersion) {
    throw conflict(resource, name, `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${pod.metadata.resourceVersion}`);
  }
}

function markScheduled(pod: Pod, now: number): void {
  const conditions = (pod.status.conditions ??= []);
  const existing = conditions.find((condition) => condition.type === "PodScheduled");
  const lastTransitionTime = existing?.status === "True" ? existing.lastTransitionTime : formatTime(now);
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null as unknown as string,
    lastTransitionTime,
  };
  if (existing === undefined) conditions.push(scheduled);
  else conditions[conditions.indexOf(existing)] = scheduled;
}
