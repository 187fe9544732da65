// Behaviour: pkg/kubelet/token: tokens bound to a pod, renewed when four fifths of their time are over.
import type { TokenRequest } from "../../api/generated/types/authentication/v1.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { serviceAccounts } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import type { Clock } from "../../util/clock.ts";

/** No token is used longer than this. */
const MAX_AGE_MS = 24 * 3600 * 1000;

interface Token {
  readonly token: string;
  readonly renewAt: number;
}

/** The tokens of the pods of one node. */
export class ServiceAccountTokens {
  private readonly client: ApiClient;
  private readonly clock: Clock;
  private readonly tokens = new Map<string, Token>();

  constructor(client: ApiClient, clock: Clock) {
    this.client = client;
    this.clock = clock;
  }

  /** A token for the pod's service account; "" is the API server's own audience. */
  async get(pod: Pod, audience: string, expirationSeconds: number): Promise<string> {
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const key = [uid, audience, expirationSeconds].join(" ");
    const known = this.tokens.get(key);
    if (known !== undefined && known.renewAt > this.clock.now()) return known.token;
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: {},
      spec: { audiences: audience === "" ? [] : [audience], expirationSeconds, boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid } },
    };
    const answer = await this.client.resource(serviceAccounts, namespace).createSubresource<TokenRequest>(pod.spec.serviceAccountName ?? "default", "token", request);
    const begun = this.clock.now();
    const expires = Date.parse(answer.status.expirationTimestamp ?? "");
    const lifetime = (Number.isNaN(expires) ? expirationSeconds * 1000 : expires - begun) * 0.8;
    this.tokens.set(key, { token: answer.status.token, renewAt: begun + Math.min(lifetime, MAX_AGE_MS) });
    return answer.status.token;
  }

  /** Forgets a pod's tokens. */
  forget(podUid: string): void {
    for (const key of this.tokens.keys()) if (key.startsWith(`${podUid} `)) this.tokens.delete(key);
  }
}
