// Behaviour: k8s.io/client-go/tools/clientcmd (ClientConfig) and k8s.io/client-go/rest (InClusterConfig).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../util/clock.ts";
import { credentialsOf, dataOrFile, tokenFileCredentials } from "./credentials.ts";
import type { ExecPluginHost } from "./exec-plugin.ts";
import { HttpTransport, type HttpTransportOptions } from "./http-transport.ts";
import { proxyAgent } from "./proxy-agent.ts";
import type { KubeconfigUser } from "./kubeconfig.ts";
import type { SelectedConfig } from "./kubeconfig-selection.ts";

/** Where the kubelet mounts a pod's identity. */
const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What the caller adds to what the files say. */
export type TransportChoices = Pick<HttpTransportOptions, "userAgent" | "onWarning" | "disableCompression" | "clock">;

/** A transport to the selected cluster as the selected user; a server that is not HTTPS is told no secrets, only whom to impersonate. */
export function transportOf(selected: SelectedConfig, host: ExecPluginHost, choices: TransportChoices = {}): HttpTransport {
  const { clock = systemClock } = choices;
  const { cluster } = selected;
  const server = normalizeServer(cluster.server);
  const secure = server.startsWith("https:");
  const tls = {
    ca: dataOrFile(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    insecureSkipVerify: cluster["insecure-skip-tls-verify"],
    serverName: cluster["tls-server-name"],
  };
  return new HttpTransport({
    disableCompression: cluster["disable-compression"],
    ...choices,
    server,
    ...(secure && { tls }),
    credentials: credentialsOf(secure ? selected : { ...selected, user: impersonationOnly(selected.user) }, clock, host),
    ...(cluster["proxy-url"] && { agent: proxyAgent(cluster["proxy-url"], secure) }),
  });
}

function impersonationOnly(user: KubeconfigUser): KubeconfigUser {
  return { as: user.as, "as-uid": user["as-uid"], "as-groups": user["as-groups"], "as-user-extra": user["as-user-extra"] };
}

/** A bare "host:port" is plain HTTP; none at all is localhost. */
function normalizeServer(server: string): string {
  if (/^https?:\/\//.test(server)) return server;
  return `http://${server === "" ? "localhost:8080" : server}`;
}

/** Whether this process runs in a pod with a service account's token. */
export function isInCluster(env: Readonly<Record<string, string | undefined>>, folder = SERVICE_ACCOUNT_FOLDER): boolean {
  if (!env["KUBERNETES_SERVICE_HOST"] || !env["KUBERNETES_SERVICE_PORT"]) return false;
  return readOrUndefined(join(folder, "token")) !== undefined;
}

/** A transport to the cluster that this process runs in, as its pod's service account. */
export function inClusterTransport(env: Readonly<Record<string, string | undefined>>, choices: TransportChoices = {}, folder = SERVICE_ACCOUNT_FOLDER): HttpTransport {
  const { clock = systemClock } = choices;
  const host = env["KUBERNETES_SERVICE_HOST"] ?? "";
  return new HttpTransport({
    ...choices,
    server: `https://${host.includes(":") ? `[${host}]` : host}:${env["KUBERNETES_SERVICE_PORT"]}`,
    tls: { ca: readOrUndefined(join(folder, "ca.crt")) },
    credentials: tokenFileCredentials(join(folder, "token"), {}, clock),
  });
}

/** The namespace of the pod that this process runs in. */
export function inClusterNamespace(env: Readonly<Record<string, string | undefined>>, folder = SERVICE_ACCOUNT_FOLDER): string {
  return env["POD_NAMESPACE"] || readOrUndefined(join(folder, "namespace"))?.toString().trim() || "default";
}

function readOrUndefined(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
