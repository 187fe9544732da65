// Behaviour: k8s.io/client-go/plugin/pkg/client/auth/exec: credentials from a program that a kubeconfig names.
import { text } from "node:stream/consumers";
import type { Clock } from "../util/clock.ts";
import type { CredentialHeaders, Credentials, CredentialSource } from "./http-transport.ts";
import { KubeconfigError, type KubeconfigExec } from "./kubeconfig-entries.ts";
import type { SelectedConfig } from "./kubeconfig-selection.ts";

const API_VERSIONS = ["v1", "v1beta1"].map((version) => `client.authentication.k8s.io/${version}`);
/** The extension of a cluster that is handed to plugins. */
const CLUSTER_EXTENSION = "client.authentication.k8s.io/exec";

/** What a plugin gets of the process that starts it. */
export interface ExecPluginHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard input is a terminal that the plugin may read from. */
  readonly isTerminal: boolean;
}

/** What a plugin prints. */
interface ExecCredential {
  readonly apiVersion?: string;
  readonly status?: { expirationTimestamp?: string; token?: string; clientCertificateData?: string; clientKeyData?: string };
}

/** Runs the plugin when credentials are first needed, when they have expired, and when the server refuses them. */
export function execCredentials(exec: KubeconfigExec, selected: SelectedConfig, headers: CredentialHeaders, clock: Clock, host: ExecPluginHost): CredentialSource {
  let current: Promise<{ credentials: Credentials; expires: number }> | undefined;
  return {
    async get() {
      if (current !== undefined && (await current).expires <= clock.now()) current = undefined;
      current ??= runPlugin(exec, selected, headers, host);
      try {
        return (await current).credentials;
      } catch (error) {
        current = undefined;
        throw new KubeconfigError(`getting credentials: ${(error as Error).message}`);
      }
    },
    refresh() {
      current = undefined;
      return true;
    },
  };
}

async function runPlugin(exec: KubeconfigExec, selected: SelectedConfig, headers: CredentialHeaders, host: ExecPluginHost): Promise<{ credentials: Credentials; expires: number }> {
  const { command = "", apiVersion = "" } = exec;
  if (!API_VERSIONS.includes(apiVersion)) throw new KubeconfigError(`exec plugin: invalid apiVersion "${apiVersion}"`);
  const interactive = isInteractive(exec.interactiveMode ?? "IfAvailable", host.isTerminal);
  const spec = { ...(exec.provideClusterInfo === true && { cluster: clusterInfo(selected) }), interactive };
  const info = JSON.stringify({ kind: "ExecCredential", apiVersion, spec });
  const env = { ...host.env, ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])), KUBERNETES_EXEC_INFO: info };
  const child = process.getBuiltinModule("node:child_process").spawn(command, exec.args ?? [], { env, stdio: [interactive ? "inherit" : "ignore", "pipe", "inherit"] });
  const exit = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const [output, code] = await Promise.all([text(child.stdout), exit]).catch((error: unknown) => {
    throw new KubeconfigError((error as NodeJS.ErrnoException).code === "ENOENT" ? notInstalled(command, exec.installHint) : `exec: ${(error as Error).message}`);
  });
  if (code !== 0) throw new KubeconfigError(`exec: executable ${command} failed with exit code ${code ?? -1}`);
  return decodeCredential(output, apiVersion, headers);
}

function isInteractive(mode: string, isTerminal: boolean): boolean {
  if (mode === "Always" && !isTerminal) throw new KubeconfigError("exec plugin cannot support interactive mode: standard input is not a terminal");
  return mode !== "Never" && isTerminal;
}

function clusterInfo({ cluster }: SelectedConfig): object {
  return {
    server: cluster.server,
    ...(cluster["tls-server-name"] && { "tls-server-name": cluster["tls-server-name"] }),
    ...(cluster["insecure-skip-tls-verify"] && { "insecure-skip-tls-verify": true }),
    ...(cluster["certificate-authority-data"] && { "certificate-authority-data": cluster["certificate-authority-data"] }),
    ...(cluster["proxy-url"] && { "proxy-url": cluster["proxy-url"] }),
    config: cluster.extensions?.find(({ name }) => name === CLUSTER_EXTENSION)?.extension ?? null,
  };
}

function notInstalled(command: string, hint: string | undefined): string {
  return [
    `exec: executable ${command} not found`,
    "It looks like you are trying to use a client-go credential plugin that is not installed.",
    "To learn more about this feature, consult the documentation available at:\n      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
    ...(hint ? [hint] : []),
  ].join("\n\n");
}

function decodeCredential(output: string, apiVersion: string, headers: CredentialHeaders): { credentials: Credentials; expires: number } {
  let credential: ExecCredential;
  try {
    credential = JSON.parse(output) as ExecCredential;
  } catch (error) {
    throw new KubeconfigError(`decoding stdout: ${(error as Error).message}`);
  }
  if (credential.apiVersion !== apiVersion) {
    throw new KubeconfigError(`exec plugin is configured to use API version ${apiVersion}, plugin returned version ${credential.apiVersion ?? ""}`);
  }
  const { status } = credential;
  if (status === undefined) throw new KubeconfigError("exec plugin didn't return a status field");
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  if (!token && !cert && !key) throw new KubeconfigError("exec plugin didn't return a token or cert/key pair");
  if ((cert === undefined) !== (key === undefined)) throw new KubeconfigError("exec plugin returned only certificate or key, not both");
  return {
    credentials: { headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) }, ...(cert !== undefined && { cert, key }) },
    expires: expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp),
  };
}
