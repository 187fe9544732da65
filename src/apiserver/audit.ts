// Behaviour: k8s.io/apiserver/pkg/audit at level Metadata: one line of JSON a request.
import { formatMicroTime } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { RequestObserver, ServedRequest } from "./request-log.ts";
import type { RequestInfo } from "./request-info.ts";
import type { UserInfo } from "./resource.ts";

/** Writes an audit.k8s.io/v1 Event for each request that is answered, as one line that ends with a newline. */
export function auditLog(write: (line: string) => void, ids: Ids): RequestObserver {
  return (served) => write(`${JSON.stringify(auditEvent(served, ids.uid()))}\n`);
}

function auditEvent({ request, info, user, impersonator, annotations, response, received, duration }: ServedRequest, auditID: string): object {
  const { status } = response;
  const reason = failureReason(served(response));
  return {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID,
    stage: "ResponseComplete",
    requestURI: request.url,
    verb: info?.verb ?? request.method.toLowerCase(),
    user: auditUser(impersonator ?? user),
    ...(impersonator !== undefined && { impersonatedUser: auditUser(user) }),
    userAgent: request.headers["user-agent"] ?? "",
    ...(info?.isResourceRequest && { objectRef: objectReference(info) }),
    responseStatus: { metadata: {}, ...reason, code: status },
    requestReceivedTimestamp: formatMicroTime(received),
    stageTimestamp: formatMicroTime(received + duration),
    ...(annotations !== undefined && annotations.size > 0 && { annotations: Object.fromEntries(annotations) }),
  };
}

function auditUser(user: UserInfo | undefined): object {
  return user === undefined ? {} : { username: user.name, ...(user.uid !== undefined && { uid: user.uid }), groups: user.groups, ...(user.extra && { extra: user.extra }) };
}

function objectReference(info: RequestInfo): object {
  const { resource, namespace, name, group, version, subresource } = info;
  return {
    resource,
    ...(namespace !== "" && { namespace }),
    ...(name !== "" && { name }),
    ...(group !== "" && { apiGroup: group }),
    apiVersion: version,
    ...(subresource !== "" && { subresource }),
  };
}

function served({ status, body }: ServedRequest["response"]): unknown {
  return status >= 400 && body.type === "object" ? body.value() : undefined;
}

function failureReason(status: unknown): object {
  const { status: outcome, message, reason } = (status ?? {}) as { status?: string; message?: string; reason?: string };
  return { ...(outcome !== undefined && { status: outcome }), ...(message !== undefined && { message }), ...(reason !== undefined && { reason }) };
}
