// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_service.go (NewCmdCreateServiceNodePort).
import { services } from "../../../../api/resource-refs.ts";
import { defineCreate } from "../../../create/create-command.ts";
import { checkService, serviceOf, tcpFlag } from "../../../create/service-object.ts";
import { intFlag } from "../../../flags.ts";

export default defineCreate({
  use: "nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  summary: "Create a NodePort service",
  examples: `
    # A service with a port on each node
    kubectl create service nodeport web --tcp=80:8080`,
  flags: { ...tcpFlag, "node-port": intFlag("The port on each node.") },
  resource: services,
  failure: "failed to create NodePort service: ",
  validate: ({ values }) => checkService({ type: "NodePort", tcp: values.tcp }),
  build: ({ name, namespace, values }) => serviceOf({ name, namespace, type: "NodePort", tcp: values.tcp, nodePort: values["node-port"] }),
});
