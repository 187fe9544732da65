// Behaviour: k8s.io/apiserver/pkg/admission/plugin/policy/generic CollectParams: the objects that parameterize a policy.
import { cloneDecoded } from "../../../api/decode.ts";
import type { ParamKind, ParamRef } from "../../../api/generated/types/admissionregistration/v1.ts";
import { labelSelector } from "../../../api/label-selector.ts";
import { type KubernetesObject, parseApiVersion } from "../../../api/object.ts";
import type { ResourceTable } from "../../resource-table.ts";
import type { Resource } from "../../resource.ts";
import type { AdmissionRequest } from "../admission.ts";

/** The policy or the binding cannot be applied as it is. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** The resource of a kind of parameters; throws a ConfigurationError when there is none. */
export function paramResource({ apiVersion = "", kind = "" }: ParamKind, resources: ResourceTable): Resource {
  const resource = resources.findKind(apiVersion, kind);
  if (resource !== undefined) return resource;
  const { group, version } = parseApiVersion(apiVersion) ?? { group: "", version: apiVersion };
  throw new ConfigurationError(`failed to find resource referenced by paramKind: '${group === "" ? version : `${group}/${version}`}, Kind=${kind}'`);
}

/** What the policy is to be evaluated with, once each; undefined stands for no parameters. Throws a ConfigurationError. */
export function collectParams(resource: Resource | undefined, ref: ParamRef | undefined, request: AdmissionRequest): readonly (KubernetesObject | undefined)[] {
  if (resource === undefined || ref === undefined) return [undefined];
  const { name = "", namespace = "", selector, parameterNotFoundAction } = ref;
  if (!resource.namespaced && namespace !== "") throw new ConfigurationError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
  const within = resource.namespaced ? namespace || request.namespace : "";
  if (resource.namespaced && within === "") throw new ConfigurationError("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
  if (name !== "" && selector !== undefined) throw new ConfigurationError("paramRef.name and paramRef.selector are mutually exclusive");
  if (name === "" && selector === undefined) throw new ConfigurationError("one of name or selector must be provided");
  const params = find(resource, request, within, name, selector);
  if (params.length === 0 && parameterNotFoundAction === "Deny") throw new ConfigurationError("no params found for policy binding with `Deny` parameterNotFoundAction");
  return params;
}

function find(resource: Resource, { context }: AdmissionRequest, namespace: string, name: string, selector: ParamRef["selector"]): KubernetesObject[] {
  const { storedAs } = resource;
  const stored = storedAs ?? resource;
  const own = (object: KubernetesObject) => (storedAs === undefined ? object : storedAs.fromStored(cloneDecoded(object)));
  if (selector === undefined) {
    const found = context.lookup(stored, namespace, name);
    return found === undefined ? [] : [own(found)];
  }
  const wanted = labelSelector(selector);
  return context.lookupAll(stored, namespace).filter(({ metadata }) => wanted.matches(metadata.labels ?? {})).map(own);
}
