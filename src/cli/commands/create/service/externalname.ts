// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_service.go (NewCmdCreateServiceExternalName).
import { isDNS1123Subdomain } from "../../../../api/name-validation.ts";
import { services } from "../../../../api/resource-refs.ts";
import { defineCreate } from "../../../create/create-command.ts";
import { serviceOf, tcpFlag } from "../../../create/service-object.ts";
import { CommandError } from "../../../errors.ts";
import { stringFlag } from "../../../flags.ts";

export default defineCreate({
  use: "externalname NAME --external-name external.name [--dry-run=server|client|none]",
  summary: "Create an ExternalName service",
  description: "The service's name stands for a DNS name outside of the cluster.",
  examples: `
    # A name for another one
    kubectl create service externalname db --external-name db.example.com`,
  flags: { ...tcpFlag, "external-name": stringFlag("The name that is meant.") },
  required: ["external-name"],
  resource: services,
  failure: "failed to create ExternalName service: ",
  validate({ values }) {
    const externalName = values["external-name"];
    if (isDNS1123Subdomain(externalName).length > 0) throw new CommandError(`invalid service external name ${externalName}`);
  },
  build: ({ name, namespace, values }) => serviceOf({ name, namespace, type: "ExternalName", tcp: values.tcp, externalName: values["external-name"] }),
});
