// Behaviour: pkg/controller/serviceaccount/tokens_controller.go: fills Secrets that ask for a ServiceAccount's token.
import type { Secret } from "../api/generated/types/core/v1.ts";
import type { TokenRequest } from "../api/generated/types/authentication/v1.ts";
import { secrets, serviceAccounts } from "../api/resource-refs.ts";
import { orGone } from "./not-found.ts";
import type { Controller, ControllerContext } from "./runtime.ts";
import { keyOf, ownKey, splitKey, watch } from "./runtime.ts";

const TOKEN_TYPE = "kubernetes.io/service-account-token";
const ACCOUNT_NAME = "kubernetes.io/service-account.name";
const ACCOUNT_UID = "kubernetes.io/service-account.uid";
/** Such a token ends with its Secret or its account; this is as good as never. */
const LIFETIME_SECONDS = 2 ** 32;

/** Writes token, CA (`rootCertificate`, PEM) and namespace into the Secrets, and deletes those whose account is gone. */
export function createServiceAccountTokenController({ client, informers }: ControllerContext, rootCertificate: string): Controller {
  const all = informers.informer(secrets);
  const accounts = informers.informer(serviceAccounts);
  all.addIndex("service-account", (secret) => (isToken(secret) ? accountKey(secret) : undefined));
  return {
    name: "serviceaccount-token-controller",
    watches: [
      watch(secrets, ownKey, ({ type, object }) => type !== "deleted" && isToken(object)),
      watch(serviceAccounts, (account) => all.indexed("service-account", keyOf(account)).map(keyOf)),
    ],
    async reconcile(key) {
      const secret = all.get(key);
      if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return;
      const { namespace, name } = splitKey(key);
      const resource = client.resource(secrets, namespace);
      // Asked for, and not looked up: a Secret may come before the cache has seen the account that was made with it.
      const accountName = secret.metadata.annotations?.[ACCOUNT_NAME] ?? "";
      const account = accounts.get(accountKey(secret)) ?? (await orGone(client.resource(serviceAccounts, namespace).get(accountName)));
      const uid = secret.metadata.annotations?.[ACCOUNT_UID];
      if (account === undefined || (uid !== undefined && uid !== "" && uid !== account.metadata.uid)) {
        await orGone(resource.delete(name, { preconditions: { uid: secret.metadata.uid } }));
        return;
      }
      const data = { ...secret.data, "ca.crt": encode(rootCertificate), namespace: encode(namespace) };
      const isComplete = secret.data?.token !== undefined && secret.data["ca.crt"] === data["ca.crt"] && secret.data.namespace === data.namespace;
      if (isComplete && uid === account.metadata.uid) return;
      const boundObjectRef = { apiVersion: "v1", kind: "Secret", name, uid: secret.metadata.uid };
      const request: TokenRequest = {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        metadata: {},
        spec: { audiences: [], expirationSeconds: LIFETIME_SECONDS, boundObjectRef },
        status: { token: "", expirationTimestamp: null },
      };
      const token = secret.data?.token ?? encode((await client.resource(serviceAccounts, namespace).createSubresource<TokenRequest>(accountName, "token", request)).status.token);
      const annotations = { ...secret.metadata.annotations, [ACCOUNT_UID]: account.metadata.uid ?? "" };
      await resource.update({ ...secret, metadata: { ...secret.metadata, annotations }, data: { ...data, token } });
    },
  };
}

function isToken(secret: Secret): boolean {
  return secret.type === TOKEN_TYPE && (secret.metadata.annotations?.[ACCOUNT_NAME] ?? "") !== "";
}

function accountKey({ metadata }: Secret): string {
  return `${metadata.namespace}/${metadata.annotations?.[ACCOUNT_NAME]}`;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}
