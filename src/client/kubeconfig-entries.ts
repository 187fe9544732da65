// Behaviour: k8s.io/client-go/tools/clientcmd/api/v1: what a kubeconfig says. Apart from what reads it, which is slow to load.

/** How to reach and trust a server; the names are the file's own. */
export interface KubeconfigCluster {
  server?: string;
  "tls-server-name"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "certificate-authority"?: string;
  /** Base64 of PEM; so are the other -data fields. */
  "certificate-authority-data"?: string;
  "proxy-url"?: string;
  "disable-compression"?: boolean;
  extensions?: { name: string; extension: unknown }[];
}

/** A program that hands out credentials. */
export interface KubeconfigExec {
  command?: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  apiVersion?: string;
  installHint?: string;
  provideClusterInfo?: boolean;
  interactiveMode?: string;
}

/** How a user proves who he is. */
export interface KubeconfigUser {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  as?: string;
  "as-uid"?: string;
  "as-groups"?: string[];
  "as-user-extra"?: Record<string, string[]>;
  exec?: KubeconfigExec;
  "auth-provider"?: { name: string; config?: Record<string, string> };
  extensions?: { name: string; extension: unknown }[];
}

/** Which user on which cluster, and in which namespace by default. */
export interface KubeconfigContext {
  cluster?: string;
  user?: string;
  namespace?: string;
  extensions?: { name: string; extension: unknown }[];
}

/** The kinds of entries, by the key of their lists in a file. */
export interface KubeconfigEntries {
  clusters: KubeconfigCluster;
  users: KubeconfigUser;
  contexts: KubeconfigContext;
}

/** A file cannot be read, or a configuration not be used; the message is clientcmd's. */
export class KubeconfigError extends Error {
  override readonly name: string = "KubeconfigError";
}

/** What the files say cannot be used; kubectl lists the problems below "Error in configuration:". */
export class InvalidConfigurationError extends KubeconfigError {
  override readonly name = "InvalidConfigurationError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`invalid configuration: ${problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`}`);
    this.problems = problems;
  }
}
