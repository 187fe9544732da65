// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_service.go (NewCmdCreateServiceClusterIP).
import { services } from "../../../../api/resource-refs.ts";
import { defineCreate } from "../../../create/create-command.ts";
import { checkService, serviceOf, tcpFlag } from "../../../create/service-object.ts";
import { stringFlag } from "../../../flags.ts";

export default defineCreate({
  use: "clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
  summary: "Create a ClusterIP service",
  examples: `
    # A service
    kubectl create service clusterip web --tcp=80:8080

    # One without an address of its own
    kubectl create service clusterip db --clusterip="None"`,
  flags: { ...tcpFlag, clusterip: stringFlag("The service's address, or 'None' for a headless service.") },
  resource: services,
  failure: "failed to create ClusterIP service: ",
  validate: ({ values }) => checkService({ type: "ClusterIP", tcp: values.tcp, clusterIP: values.clusterip }),
  build: ({ name, namespace, values }) => serviceOf({ name, namespace, type: "ClusterIP", tcp: values.tcp, clusterIP: values.clusterip }),
});
