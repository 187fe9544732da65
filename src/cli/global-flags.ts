// Behaviour: k8s.io/cli-runtime/pkg/genericclioptions/config_flags.go and cmd.go: the flags that every command takes.
import { type FlagValues, boolFlag, durationFlag, intFlag, stringArrayFlag, stringFlag } from "./flags.ts";

/** The flags that every command takes, in alphabetical order. */
export const globalFlags = {
  as: stringFlag("User name to impersonate: a user, or a service account of a namespace."),
  "as-group": stringArrayFlag("Group to impersonate; may be given several times."),
  "as-uid": stringFlag("UID to impersonate."),
  "as-user-extra": stringArrayFlag("Extra key=value of the user to impersonate; may be given several times."),
  "cache-dir": stringFlag("Directory of the cached discovery documents (default $HOME/.kube/cache)."),
  "certificate-authority": stringFlag("Certificate file of the authority that signed the server's certificate."),
  "client-certificate": stringFlag("Client certificate file for TLS."),
  "client-key": stringFlag("Client key file for TLS."),
  cluster: stringFlag("Cluster of the kubeconfig to use."),
  context: stringFlag("Context of the kubeconfig to use."),
  "disable-compression": boolFlag("Ask the server for uncompressed answers."),
  "insecure-skip-tls-verify": boolFlag("Do not check the server's certificate. This makes HTTPS connections insecure."),
  kubeconfig: stringFlag("Kubeconfig file to use."),
  kuberc: stringFlag("Preferences file to use."),
  "log-flush-frequency": durationFlag("Longest time between two flushes of the log.", { default: 5000, defaultText: "5s" }),
  "match-server-version": boolFlag("Refuse a server whose version is another than the client's."),
  name: stringFlag("Local cluster to talk to (default $SKIFF_CLUSTER, else the one named skiff).", { hidden: true }),
  namespace: stringFlag("Namespace of this request.", { shorthand: "n" }),
  password: stringFlag("Password for basic authentication to the server."),
  profile: stringFlag("Kind of profile to take (none|cpu|heap).", { default: "none" }),
  "profile-output": stringFlag("File that the profile is written to.", { default: "profile.pprof" }),
  "request-timeout": stringFlag("How long to wait for one request before giving up (1s, 2m, 3h). Zero waits on.", { default: "0" }),
  server: stringFlag("Address and port of the API server.", { shorthand: "s" }),
  "tls-server-name": stringFlag("Name that the server's certificate is checked for instead of its host name."),
  token: stringFlag("Bearer token for authentication to the server."),
  user: stringFlag("User of the kubeconfig to use."),
  username: stringFlag("User name for basic authentication to the server."),
  v: intFlag("How much to log.", { shorthand: "v", bits: 32 }),
  vmodule: stringFlag("Log levels by file: pattern=N, separated by commas."),
  "warnings-as-errors": boolFlag("Treat the server's warnings as errors: exit with a code that is not 0."),
} as const;

/** The values of the global flags. */
export type GlobalFlags = FlagValues<typeof globalFlags>;
