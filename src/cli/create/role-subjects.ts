// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_rolebinding.go: whom a binding is for.
import type { Subject } from "../../api/generated/types/rbac/v1.ts";
import { CommandError } from "../errors.ts";
import { type FlagValues, stringArrayFlag } from "../flags.ts";

const API_GROUP = "rbac.authorization.k8s.io";

/** --user, --group and --serviceaccount. */
export const subjectFlags = {
  group: stringArrayFlag("Group to bind; may be given several times."),
  serviceaccount: stringArrayFlag("Service account to bind, as <namespace>:<name>; may be given several times."),
  user: stringArrayFlag("User to bind; may be given several times."),
};

/** The subjects of a new binding; undefined when there are none. */
export function subjectsOf(values: FlagValues<typeof subjectFlags>): Subject[] | undefined {
  const subjects: Subject[] = [
    ...values.user.map((name) => ({ kind: "User", apiGroup: API_GROUP, name })),
    ...values.group.map((name) => ({ kind: "Group", apiGroup: API_GROUP, name })),
    ...values.serviceaccount.map(serviceAccount),
  ];
  return subjects.length === 0 ? undefined : subjects;
}

function serviceAccount(text: string): Subject {
  const [namespace = "", name = "", ...rest] = text.split(":");
  if (namespace === "" || name === "" || rest.length > 0) throw new CommandError("serviceaccount must be <namespace>:<name>");
  return { kind: "ServiceAccount", name, namespace };
}

/** The role that a binding gives. */
export function roleRef(kind: "Role" | "ClusterRole", name: string): { apiGroup: string; kind: string; name: string } {
  return { apiGroup: API_GROUP, kind, name };
}
