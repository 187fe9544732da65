// Behaviour: k8s.io/kubectl/pkg/cmd/config/config.go.
import { defineGroup } from "../command.ts";

const contexts = () => import("./config/contexts.ts");
const entries = () => import("./config/entries.ts");

export default defineGroup(
  {
    use: "config SUBCOMMAND",
    summary: "Modify kubeconfig files",
    description:
      "Modify kubeconfig files using subcommands like \"kubectl config set current-context my-context\".\n\n The file of --kubeconfig is read and written where it is given; else those of $KUBECONFIG, merged; else ~/.kube/config.",
  },
  [
    { name: "current-context", summary: "Display the current-context", load: async () => ({ default: (await contexts()).currentContext }) },
    { name: "delete-cluster", summary: "Delete the specified cluster from the kubeconfig", load: async () => ({ default: (await entries()).deleteCluster }) },
    { name: "delete-context", summary: "Delete the specified context from the kubeconfig", load: async () => ({ default: (await contexts()).deleteContext }) },
    { name: "delete-user", summary: "Delete the specified user from the kubeconfig", load: async () => ({ default: (await entries()).deleteUser }) },
    { name: "get-clusters", summary: "Display clusters defined in the kubeconfig", load: async () => ({ default: (await entries()).getClusters }) },
    { name: "get-contexts", summary: "Describe one or many contexts", load: async () => ({ default: (await contexts()).getContexts }) },
    { name: "get-users", summary: "Display users defined in the kubeconfig", load: async () => ({ default: (await entries()).getUsers }) },
    { name: "rename-context", summary: "Rename a context from the kubeconfig file", load: async () => ({ default: (await contexts()).renameContext }) },
    { name: "set", summary: "Set an individual value in a kubeconfig file", load: async () => ({ default: (await import("./config/properties.ts")).setProperty }) },
    { name: "set-cluster", summary: "Set a cluster entry in kubeconfig", load: async () => ({ default: (await import("./config/set-cluster.ts")).default }) },
    { name: "set-context", summary: "Set a context entry in kubeconfig", load: async () => ({ default: (await contexts()).setContext }) },
    { name: "set-credentials", summary: "Set a user entry in kubeconfig", load: async () => ({ default: (await import("./config/set-credentials.ts")).default }) },
    { name: "unset", summary: "Unset an individual value in a kubeconfig file", load: async () => ({ default: (await import("./config/properties.ts")).unsetProperty }) },
    { name: "use-context", aliases: ["use"], summary: "Set the current-context in a kubeconfig file", load: async () => ({ default: (await contexts()).useContext }) },
    { name: "view", summary: "Display merged kubeconfig settings or a specified kubeconfig file", load: async () => ({ default: (await import("./config/view.ts")).default }) },
  ],
);
