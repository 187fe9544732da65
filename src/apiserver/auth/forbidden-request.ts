// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go: the words of a refusal.
import { type StatusError, forbidden } from "../../api/errors.ts";
import type { AuthorizationAttributes } from "./authorizer.ts";

/** 403 for a request that its user may not make. */
export function forbiddenRequest(attributes: AuthorizationAttributes, reason: string): StatusError {
  const { user, verb, group, resource, subresource, namespace, name, path } = attributes;
  const who = JSON.stringify(user.name);
  const because = reason === "" ? "" : `: ${reason}`;
  if (!attributes.isResourceRequest) return forbidden({ group: "", resource: "" }, "", `User ${who} cannot ${verb} path ${JSON.stringify(path)}${because}`);
  const what = JSON.stringify(subresource === "" ? resource : `${resource}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  return forbidden({ group, resource }, name, `User ${who} cannot ${verb} resource ${what} in API group ${JSON.stringify(group)} ${where}${because}`);
}
