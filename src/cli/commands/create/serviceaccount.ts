// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_serviceaccount.go.
import { serviceAccounts } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { CommandError } from "../../errors.ts";

export default defineCreate({
  use: "serviceaccount NAME [--dry-run=server|client|none]",
  aliases: ["sa"],
  summary: "Create a service account with the specified name",
  examples: `
    # A service account
    kubectl create serviceaccount reader`,
  flags: {},
  resource: serviceAccounts,
  failure: "failed to create serviceaccount: ",
  validate({ name }) {
    if (name === "") throw new CommandError("name must be specified");
  },
  build: ({ name, namespace }) => ({ metadata: metadataOf(name, namespace) }),
});
