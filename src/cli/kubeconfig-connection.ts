// Behaviour: k8s.io/client-go/tools/clientcmd (DeferredLoadingClientConfig): kubeconfig files, the pod's own identity, localhost.
import type { ExecPluginHost } from "../client/exec-plugin.ts";
import type { HttpTransport } from "../client/http-transport.ts";
import { type KubeconfigUser, loadKubeconfig } from "../client/kubeconfig.ts";
import { EmptyKubeconfigError, type KubeconfigOverrides, selectConfig } from "../client/kubeconfig-selection.ts";
import { type TransportChoices, inClusterNamespace, inClusterTransport, isInCluster, transportOf } from "../client/kubeconfig-transport.ts";
import type { GlobalFlags } from "./global-flags.ts";
import type { IO } from "./io.ts";

/** Where kubectl looks when nothing says where the server is. */
const DEFAULT_SERVER = "http://localhost:8080";

/** A transport to the server that kubeconfig and flags name, and the namespace that goes with it. */
export function connectByKubeconfig(
  globals: GlobalFlags,
  io: IO,
  user: KubeconfigUser,
  host: ExecPluginHost,
  choices: TransportChoices,
): { transport: HttpTransport; server: string; namespace: string } {
  const overrides = overridesOf(globals, user);
  const config = loadKubeconfig(io.env, globals.kubeconfig);
  try {
    const selected = selectConfig(config, overrides);
    return { transport: transportOf(selected, host, choices), server: selected.cluster.server, namespace: selected.namespace };
  } catch (error) {
    if (!(error instanceof EmptyKubeconfigError)) throw error;
    if (isInCluster(io.env)) {
      const server = `https://${io.env["KUBERNETES_SERVICE_HOST"]}:${io.env["KUBERNETES_SERVICE_PORT"]}`;
      return { transport: inClusterTransport(io.env, choices), server, namespace: inClusterNamespace(io.env) };
    }
    const selected = selectConfig(config, { ...overrides, cluster: { ...overrides.cluster, server: DEFAULT_SERVER } });
    return { transport: transportOf(selected, host, choices), server: DEFAULT_SERVER, namespace: selected.namespace };
  }
}

function overridesOf(globals: GlobalFlags, user: KubeconfigUser): KubeconfigOverrides {
  return {
    context: globals.context,
    clusterName: globals.cluster,
    userName: globals.user,
    namespace: globals.namespace,
    user,
    cluster: {
      server: globals.server,
      "certificate-authority": globals["certificate-authority"],
      "insecure-skip-tls-verify": globals["insecure-skip-tls-verify"],
      "tls-server-name": globals["tls-server-name"],
    },
  };
}
