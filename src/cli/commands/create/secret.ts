// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_secret.go.
import { defineGroup } from "../../command.ts";

export default defineGroup(
  {
    use: "secret (docker-registry | generic | tls)",
    summary: "Create a secret using a specified subcommand",
    description: "A docker-registry secret holds what is needed to pull images, a generic one anything, a tls one a certificate and its key.",
  },
  [
    { name: "docker-registry", summary: "Create a secret for use with a Docker registry", load: () => import("./secret/docker-registry.ts") },
    { name: "generic", summary: "Create a secret from a local file, directory, or literal value", load: () => import("./secret/generic.ts") },
    { name: "tls", summary: "Create a TLS secret", load: () => import("./secret/tls.ts") },
  ],
);
