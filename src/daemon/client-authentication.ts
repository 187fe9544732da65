// Behaviour: pkg/controlplane/controller/clusterauthenticationtrust: how servers behind the API server know their clients.
import { isNotFound } from "../api/errors.ts";
import type { ConfigMap } from "../api/generated/types/core/v1.ts";
import { configMaps } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import { type Pki, PROXY_CLIENT } from "./pki.ts";

const NAME = "extension-apiserver-authentication";
const NAMESPACE = "kube-system";

/** Publishes whose certificates are to be believed, and in which headers the API server says who asks. */
export async function publishClientAuthentication(client: ApiClient, pki: Pick<Pki, "authority" | "proxyAuthority">): Promise<void> {
  const resource = client.resource(configMaps, NAMESPACE);
  const data = clientAuthentication(pki);
  const present = await resource.get(NAME).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (present !== undefined) {
    await resource.update({ ...present, data: { ...present.data, ...data } });
    return;
  }
  const wanted: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: NAME, namespace: NAMESPACE }, data };
  await resource.create(wanted);
}

function clientAuthentication({ authority, proxyAuthority }: Pick<Pki, "authority" | "proxyAuthority">): Record<string, string> {
  return {
    "client-ca-file": authority.certificate,
    "requestheader-allowed-names": JSON.stringify([PROXY_CLIENT]),
    "requestheader-client-ca-file": proxyAuthority.certificate,
    "requestheader-extra-headers-prefix": JSON.stringify(["X-Remote-Extra-"]),
    "requestheader-group-headers": JSON.stringify(["X-Remote-Group"]),
    "requestheader-uid-headers": JSON.stringify(["X-Remote-Uid"]),
    "requestheader-username-headers": JSON.stringify(["X-Remote-User"]),
  };
}
