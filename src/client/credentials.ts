// Behaviour: k8s.io/client-go/transport: how requests carry who asks.
import { readFileSync } from "node:fs";
import type { Clock } from "../util/clock.ts";
import type { ExecPluginHost } from "./exec-plugin.ts";
import { execCredentials } from "./exec-plugin.ts";
import type { CredentialHeaders, CredentialSource } from "./http-transport.ts";
import { KubeconfigError, type KubeconfigUser } from "./kubeconfig-entries.ts";
import type { SelectedConfig } from "./kubeconfig-selection.ts";

/** A token file is read again after this time. */
const TOKEN_FILE_PERIOD_MS = 60_000;

/** The credentials of the selected user; throws a KubeconfigError for files that cannot be read. */
export function credentialsOf(selected: SelectedConfig, clock: Clock, host: ExecPluginHost): CredentialSource {
  const { user } = selected;
  const impersonation = impersonationHeaders(user);
  const certificate = clientCertificate(user);
  const fixed = (headers: CredentialHeaders): CredentialSource => {
    const credentials = { headers: { ...headers, ...impersonation }, ...certificate };
    return { get: async () => credentials, refresh: () => false };
  };
  if (user.tokenFile && !user.token) return tokenFileCredentials(user.tokenFile, impersonation, clock);
  if (user.token) return fixed({ authorization: `Bearer ${user.token}` });
  if (user.username || user.password) return fixed({ authorization: `Basic ${Buffer.from(`${user.username ?? ""}:${user.password ?? ""}`).toString("base64")}` });
  if (user.exec !== undefined && certificate.cert === undefined) return execCredentials(user.exec, selected, impersonation, clock, host);
  if (user["auth-provider"] !== undefined) throw new KubeconfigError(`no Auth Provider found for name "${user["auth-provider"].name}"`);
  return fixed({});
}

/** The bytes of a field that stands in a kubeconfig in base64, or in a file of its own. */
export function dataOrFile(data: string | undefined, path: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, "base64");
  return path ? readFileSync(path) : undefined;
}

/** Reads a token from a file, and again when it may have been rotated, as those of service accounts are. */
export function tokenFileCredentials(path: string, headers: CredentialHeaders, clock: Clock): CredentialSource {
  let token = "";
  let readAt = -Infinity;
  return {
    async get() {
      if (clock.monotonic() - readAt > TOKEN_FILE_PERIOD_MS) {
        token = readFileSync(path, "utf8").trim();
        readAt = clock.monotonic();
      }
      return { headers: { ...headers, authorization: `Bearer ${token}` } };
    },
    refresh() {
      readAt = -Infinity;
      return readFileSync(path, "utf8").trim() !== token;
    },
  };
}

function clientCertificate(user: KubeconfigUser): { cert?: Buffer; key?: Buffer } {
  const cert = dataOrFile(user["client-certificate-data"], user["client-certificate"]);
  return cert === undefined ? {} : { cert, key: dataOrFile(user["client-key-data"], user["client-key"]) };
}

function impersonationHeaders(user: KubeconfigUser): CredentialHeaders {
  if (!user.as) return {};
  const extra = Object.entries(user["as-user-extra"] ?? {}).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values]);
  return {
    "impersonate-user": user.as,
    ...(user["as-uid"] && { "impersonate-uid": user["as-uid"] }),
    ...(user["as-groups"]?.length && { "impersonate-group": user["as-groups"] }),
    ...Object.fromEntries(extra),
  };
}
