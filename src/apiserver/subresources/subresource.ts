// Behaviour: k8s.io/apiserver/pkg/endpoints/installer.go: what stands under an object's path.
import type { Call } from "../call.ts";
import type { ServerResponse } from "../message.ts";
import type { UpgradeConnection } from "../streaming/upgrade.ts";

/** One subresource of some resources, with the verbs that it has. */
export interface Subresource {
  /** What discovery names it, e.g. "scale". */
  readonly name: string;
  readonly get?: (call: Call) => Promise<ServerResponse>;
  readonly create?: (call: Call) => Promise<ServerResponse>;
  readonly update?: (call: Call) => Promise<ServerResponse>;
  readonly patch?: (call: Call) => Promise<ServerResponse>;
  readonly delete?: (call: Call) => Promise<ServerResponse>;
  /** Serves every method, for what stands behind a proxy. */
  readonly serve?: (call: Call) => Promise<ServerResponse>;
  /** Takes over a connection that asks for another protocol; rejects with a StatusError as long as nothing was answered. */
  readonly upgrade?: (call: Call, connection: UpgradeConnection) => Promise<void>;
}
