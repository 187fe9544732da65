// Behaviour: k8s.io/kubectl/pkg/cmd/set/set_subject.go.
import type { Subject } from "../../../api/generated/types/rbac/v1.ts";
import { jsonEquals } from "../../../api/patch/json-value.ts";
import { defineCommand } from "../../command.ts";
import { subjectFlags } from "../../create/role-subjects.ts";
import { CommandError } from "../../errors.ts";
import { selectorFlag } from "../../flag-groups.ts";
import type { FlagValues } from "../../flags.ts";
import { changeObjects, checkLocal, prepareChange, setFlags } from "../../set/typed-change.ts";

const API_GROUP = "rbac.authorization.k8s.io";

export default defineCommand({
  use: "subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  summary: "Update the user, group, or service account in a role binding or cluster role binding",
  examples: `
    # A service account more
    kubectl set subject clusterrolebinding admins --serviceaccount=shop:web

    # Two users and a group more
    kubectl set subject rolebinding readers --user=ann --user=ben --group=staff`,
  flags: { ...setFlags, ...selectorFlag, ...subjectFlags },
  async toOptions(factory, args, { values }) {
    return { change: await prepareChange(factory, args, values, "subjects updated"), values, namespace: (await factory.namespace()).name };
  },
  validate({ change, values }) {
    checkLocal(change);
    if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
    if (values.user.length + values.group.length + values.serviceaccount.length === 0) {
      throw new CommandError("you must specify at least one value of user, group or serviceaccount");
    }
    for (const account of values.serviceaccount) {
      const parts = account.split(":");
      if (parts.length !== 2 || parts[1] === "") throw new CommandError("serviceaccount must be <namespace>:<name>");
      if (parts[0] === "" && change.infos.some(({ object }) => object?.kind === "ClusterRoleBinding")) {
        throw new CommandError("serviceaccount must be <namespace>:<name>, namespace must be specified");
      }
    }
  },
  async run({ change, values, namespace }) {
    const added = subjectsOf(values, namespace);
    await changeObjects(change, {
      failure: "failed to patch subjects to rolebinding: ",
      mutate(object) {
        if (object.kind !== "RoleBinding" && object.kind !== "ClusterRoleBinding") {
          throw new CommandError("setting subjects is only supported for RoleBinding/ClusterRoleBinding");
        }
        const present = (object["subjects"] ?? []) as Subject[];
        const missing = added.filter((subject) => !present.some((other) => jsonEquals(subject, other)));
        object["subjects"] = [...present, ...missing];
        return missing.length > 0;
      },
    });
  },
});

function subjectsOf({ user, group, serviceaccount }: FlagValues<typeof subjectFlags>, own: string): Subject[] {
  const sorted = (names: readonly string[]) => [...new Set(names)].sort();
  return [
    ...sorted(user).map((name) => ({ kind: "User", apiGroup: API_GROUP, name })),
    ...sorted(group).map((name) => ({ kind: "Group", apiGroup: API_GROUP, name })),
    ...sorted(serviceaccount).map((account) => {
      const [namespace = "", name = ""] = account.split(":");
      return { kind: "ServiceAccount", name, namespace: namespace === "" ? own : namespace };
    }),
  ];
}
