// Behaviour: k8s.io/kubectl/pkg/cmd/auth/auth.go.
import { defineGroup } from "../command.ts";

export default defineGroup({ use: "auth", summary: "Inspect authorization" }, [
  { name: "can-i", summary: "Check whether an action is allowed", load: () => import("./auth/can-i.ts") },
  { name: "whoami", summary: "Experimental: Check self subject attributes", load: () => import("./auth/whoami.ts") },
]);
