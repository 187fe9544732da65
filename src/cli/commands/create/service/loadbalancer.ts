// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_service.go (NewCmdCreateServiceLoadBalancer).
import { services } from "../../../../api/resource-refs.ts";
import { defineCreate } from "../../../create/create-command.ts";
import { checkService, serviceOf, tcpFlag } from "../../../create/service-object.ts";

export default defineCreate({
  use: "loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  summary: "Create a LoadBalancer service",
  examples: `
    # A service with an address outside
    kubectl create service loadbalancer web --tcp=80:8080`,
  flags: tcpFlag,
  resource: services,
  failure: "failed to create LoadBalancer service: ",
  validate: ({ values }) => checkService({ type: "LoadBalancer", tcp: values.tcp }),
  build: ({ name, namespace, values }) => serviceOf({ name, namespace, type: "LoadBalancer", tcp: values.tcp }),
});
