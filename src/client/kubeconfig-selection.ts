// Behaviour: k8s.io/client-go/tools/clientcmd (DirectClientConfig, validation): which cluster, user and namespace are meant.
import { accessSync, constants } from "node:fs";
import { type Kubeconfig, type Located, resolveReference } from "./kubeconfig.ts";
import { InvalidConfigurationError, type KubeconfigCluster, type KubeconfigContext, KubeconfigError, type KubeconfigUser } from "./kubeconfig-entries.ts";

/** What command-line flags say instead of the files. */
export interface KubeconfigOverrides {
  readonly context?: string;
  readonly clusterName?: string;
  readonly userName?: string;
  readonly namespace?: string;
  readonly cluster?: KubeconfigCluster;
  readonly user?: KubeconfigUser;
}

/** What one connection needs; paths are absolute. */
export interface SelectedConfig {
  readonly contextName: string;
  /** "" when nothing names one. */
  readonly namespace: string;
  readonly clusterName: string;
  readonly userName: string;
  readonly cluster: KubeconfigCluster & { readonly server: string };
  readonly user: KubeconfigUser;
}

/** Nothing says which server is meant: neither a file nor a flag. */
export class EmptyKubeconfigError extends KubeconfigError {
  constructor() {
    super("invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable");
  }
}

/**
 * Chooses context, cluster and user. Throws an InvalidConfigurationError with all that is wrong with them, or a
 * KubeconfigError for one that was named and is not there. As kubectl asks for the namespace first, only a namespace that
 * was named lets the latter come before the former.
 */
export function selectConfig(config: Kubeconfig, overrides: KubeconfigOverrides = {}): SelectedConfig {
  const contextName = overrides.context || config.currentContext;
  const found = config.contexts.get(contextName);
  const context: KubeconfigContext = {
    ...found?.value,
    ...(overrides.clusterName && { cluster: overrides.clusterName }),
    ...(overrides.userName && { user: overrides.userName }),
    ...(overrides.namespace && { namespace: overrides.namespace }),
  };
  const { user: userName = "", cluster: clusterName = "" } = context;
  const user = withUserOverrides(absoluteUser(config.users.get(userName)), overrides.user);
  const cluster = withClusterOverrides(absoluteCluster(config.clusters.get(clusterName)), overrides.cluster);
  const missing = missingOf(config, overrides);
  const isEmpty = !overrides.clusterName && Object.values(cluster).every((value) => value === undefined || value === "" || value === false);
  const problems = [
    ...(contextName !== "" && found === undefined ? [`context was not found for specified context: ${contextName}`] : []),
    ...(overrides.userName && !config.users.has(userName) ? [] : problemsOfUser(userName, user)),
    ...(isEmpty ? [] : problemsOfCluster(clusterName, cluster)),
  ];
  if (overrides.namespace && missing !== undefined) throw new KubeconfigError(missing);
  if (problems.length > 0) throw new InvalidConfigurationError(problems);
  if (missing !== undefined) throw new KubeconfigError(missing);
  if (isEmpty) throw new EmptyKubeconfigError();
  return { contextName, namespace: context.namespace ?? "", clusterName, userName, cluster: { ...cluster, server: cluster.server ?? "" }, user };
}

/** The first of what flags name that is not there. */
function missingOf(config: Kubeconfig, { userName, context, clusterName }: KubeconfigOverrides): string | undefined {
  if (userName && !config.users.has(userName)) return `auth info "${userName}" does not exist`;
  if (context && !config.contexts.has(context)) return `context "${context}" does not exist`;
  return clusterName && !config.clusters.has(clusterName) ? `cluster "${clusterName}" does not exist` : undefined;
}

function absoluteCluster(located: Located<KubeconfigCluster> | undefined): KubeconfigCluster {
  if (located === undefined) return {};
  return withAbsolute(located, ["certificate-authority"]);
}

function absoluteUser(located: Located<KubeconfigUser> | undefined): KubeconfigUser {
  if (located === undefined) return {};
  const user = withAbsolute(located, ["client-certificate", "client-key", "tokenFile"]);
  const command = user.exec?.command;
  if (user.exec === undefined || command === undefined || !command.includes("/")) return user;
  return { ...user, exec: { ...user.exec, command: resolveReference(command, located.file) } };
}

function withAbsolute<T extends object, K extends keyof T>({ value, file }: Located<T>, fields: readonly K[]): T {
  const result = { ...value };
  for (const field of fields) {
    const path = result[field];
    if (typeof path === "string" && path !== "") result[field] = resolveReference(path, file) as T[K];
  }
  return result;
}

function withUserOverrides(user: KubeconfigUser, overrides: KubeconfigUser = {}): KubeconfigUser {
  const merged = { ...user, ...given(overrides) };
  if (overrides["client-key"]) delete merged["client-key-data"];
  if (overrides["client-certificate"]) delete merged["client-certificate-data"];
  return merged;
}

function withClusterOverrides(cluster: KubeconfigCluster, overrides: KubeconfigCluster = {}): KubeconfigCluster {
  const merged = { ...cluster, ...given(overrides) };
  if (overrides["insecure-skip-tls-verify"] || overrides["certificate-authority"]) {
    merged["insecure-skip-tls-verify"] = overrides["insecure-skip-tls-verify"];
    merged["certificate-authority"] = overrides["certificate-authority"];
    merged["certificate-authority-data"] = undefined;
  }
  if (overrides["tls-server-name"] || overrides.server) merged["tls-server-name"] = overrides["tls-server-name"];
  return merged;
}

/** The fields that are set: nothing, "" and false leave the file's own. */
function given<T extends object>(overrides: T): Partial<T> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value)) as Partial<T>;
}

function problemsOfCluster(name: string, cluster: KubeconfigCluster): string[] {
  const problems: string[] = [];
  if (!cluster.server) problems.push(name === "" ? "default cluster has no server defined" : `no server found for cluster "${name}"`);
  const proxy = cluster["proxy-url"];
  if (proxy && !/^(?:https?|socks5h?):$/.test(URL.parse(proxy)?.protocol ?? "")) {
    problems.push(`invalid 'proxy-url' "${proxy}" for cluster "${name}": unsupported scheme "${URL.parse(proxy)?.protocol.replace(":", "") ?? ""}", must be http, https, or socks5`);
  }
  if (cluster["certificate-authority"] && cluster["certificate-authority-data"]) {
    problems.push(`certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`);
  }
  const authority = unreadable(cluster["certificate-authority"]);
  if (authority !== undefined) problems.push(`unable to read certificate-authority ${cluster["certificate-authority"]} for ${name} due to ${authority}`);
  return problems;
}

function problemsOfUser(name: string, user: KubeconfigUser): string[] {
  const problems = [...problemsOfCertificate(name, user), ...problemsOfExec(name, user)];
  if (user.token && (user.username || user.password)) problems.push(`more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`);
  const impersonates = user["as-uid"] || user["as-groups"]?.length || Object.keys(user["as-user-extra"] ?? {}).length;
  if (impersonates && !user.as) problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  return problems;
}

function problemsOfCertificate(name: string, user: KubeconfigUser): string[] {
  const { "client-certificate": certificate, "client-certificate-data": certificateData, "client-key": key, "client-key-data": keyData } = user;
  if (!certificate && !certificateData) return [];
  const problems: string[] = [];
  if (certificate && certificateData) problems.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`);
  if (key && keyData) problems.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
  if (!key && !keyData) problems.push(`client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`);
  const [certificateProblem, keyProblem] = [unreadable(certificate), unreadable(key)];
  if (certificateProblem !== undefined) problems.push(`unable to read client-cert ${certificate} for ${name} due to ${certificateProblem}`);
  if (keyProblem !== undefined) problems.push(`unable to read client-key ${key} for ${name} due to ${keyProblem}`);
  return problems;
}

function problemsOfExec(name: string, { exec, "auth-provider": provider }: KubeconfigUser): string[] {
  if (exec === undefined) return [];
  const problems: string[] = [];
  if (provider !== undefined) problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
  if (!exec.command) problems.push(`command must be specified for ${name} to use exec authentication plugin`);
  if (!exec.apiVersion) problems.push(`apiVersion must be specified for ${name} to use exec authentication plugin`);
  if (exec.env?.some((variable) => !variable.name)) problems.push(`env variable name must be specified for ${name} to use exec authentication plugin`);
  if (!exec.interactiveMode && exec.apiVersion === "client.authentication.k8s.io/v1") problems.push(`interactiveMode must be specified for ${name} to use exec authentication plugin`);
  if (exec.interactiveMode && !["Never", "IfAvailable", "Always"].includes(exec.interactiveMode)) problems.push(`invalid interactiveMode for ${name}: "${exec.interactiveMode}"`);
  return problems;
}

/** Why a file cannot be opened, in Go's words. */
function unreadable(path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return `open ${path}: ${(error as NodeJS.ErrnoException).code === "ENOENT" ? "no such file or directory" : "permission denied"}`;
  }
}
