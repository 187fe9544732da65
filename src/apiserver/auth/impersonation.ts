// Behaviour: k8s.io/apiserver/pkg/endpoints/filters/impersonation: acting as somebody else, where one may.
import { badRequest } from "../../api/errors.ts";
import type { UserInfo } from "../resource.ts";
import type { AuthorizationAttributes, Authorizer } from "./authorizer.ts";
import { ANONYMOUS, AUTHENTICATED_GROUP } from "./authentication.ts";
import { forbiddenRequest } from "./forbidden-request.ts";

const EXTRA = "impersonate-extra-";
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The user that a request's headers ask to act as; the requester when they ask for nobody. Throws a StatusError. */
export async function impersonatedUser(headers: Readonly<Record<string, string | undefined>>, requester: UserInfo, authorizer: Authorizer): Promise<UserInfo> {
  if (!impersonates(headers)) return requester;
  const name = headers["impersonate-user"] ?? "";
  const uid = headers["impersonate-uid"] ?? "";
  const groups = valuesOf(headers["impersonate-group"]);
  const extra = Object.fromEntries(
    Object.entries(headers)
      .filter(([header]) => header.startsWith(EXTRA))
      .map(([header, value]) => [decodeURIComponent(header.slice(EXTRA.length)), valuesOf(value)]),
  );
  const hasExtra = Object.keys(extra).length > 0;
  if (name === "") {
    if (uid === "" && groups.length === 0 && !hasExtra) return requester;
    throw badRequest(`requested ${formatUser(uid, groups, extra)} without impersonating a user name`);
  }
  const wanted: UserInfo = { name, groups, ...(uid !== "" && { uid }), ...(hasExtra && { extra }) };
  for (const attributes of impersonationAttributes(requester, wanted)) {
    const decision = await authorizer.authorize(attributes);
    if (!decision.allowed) throw forbiddenRequest(attributes, decision.reason);
  }
  return { ...wanted, groups: completeGroups(name, groups) };
}

function impersonates(headers: Readonly<Record<string, string | undefined>>): boolean {
  for (const header in headers) if (header.startsWith("impersonate-")) return true;
  return false;
}

function valuesOf(header: string | undefined): string[] {
  return (header ?? "").split(",").flatMap((value) => (value.trim() === "" ? [] : [value.trim()]));
}

function* impersonationAttributes(user: UserInfo, wanted: UserInfo): Iterable<AuthorizationAttributes> {
  const one = (resource: string, more: Partial<AuthorizationAttributes>): AuthorizationAttributes => ({
    user, verb: "impersonate", isResourceRequest: true, path: "", group: "", version: "v1", resource, subresource: "", namespace: "", name: "", ...more,
  });
  const account = SERVICE_ACCOUNT.exec(wanted.name);
  if (account !== null) yield one("serviceaccounts", { namespace: account[1] ?? "", name: account[2] ?? "" });
  else yield one("users", { name: wanted.name });
  for (const group of wanted.groups) yield one("groups", { name: group });
  for (const [key, values] of Object.entries(wanted.extra ?? {})) {
    for (const value of values) yield one("userextras", { group: "authentication.k8s.io", subresource: key, name: value });
  }
  if (wanted.uid !== undefined) yield one("uids", { group: "authentication.k8s.io", name: wanted.uid });
}

function completeGroups(name: string, groups: readonly string[]): string[] {
  const account = SERVICE_ACCOUNT.exec(name);
  const complete = groups.length === 0 && account !== null ? ["system:serviceaccounts", `system:serviceaccounts:${account[1]}`] : [...groups];
  const everyone = name === ANONYMOUS.name ? ANONYMOUS.groups : [AUTHENTICATED_GROUP];
  for (const group of everyone) if (!complete.includes(group)) complete.push(group);
  return complete;
}

/** A user as Go prints its struct. */
function formatUser(uid: string, groups: readonly string[], extra: Readonly<Record<string, readonly string[]>>): string {
  const list = (values: readonly string[]) => `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`;
  const pairs = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`);
  const printedGroups = groups.length === 0 ? "[]string(nil)" : list(groups);
  const printedExtra = pairs.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${pairs.join(", ")}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${printedGroups}, Extra:${printedExtra}}`;
}
