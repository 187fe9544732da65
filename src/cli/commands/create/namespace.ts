// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_namespace.go.
import { namespaces } from "../../../api/resource-refs.ts";
import { defineCreate } from "../../create/create-command.ts";
import { CommandError } from "../../errors.ts";

export default defineCreate({
  use: "namespace NAME [--dry-run=server|client|none]",
  aliases: ["ns"],
  summary: "Create a namespace with the specified name",
  examples: `
    # A namespace
    kubectl create namespace shop`,
  flags: {},
  resource: namespaces,
  validate({ name }) {
    if (name === "") throw new CommandError("name must be specified");
  },
  build: ({ name }) => ({ metadata: { name } }),
});
