// The client of a local cluster, over its Unix socket.
import type { ApiClient } from "../../client/client.ts";
import type { ClusterPaths } from "../../client/cluster-paths.ts";
import { HttpTransport } from "../../client/http-transport.ts";
import { createApiClient } from "../../client/rest-client.ts";

/** A client that speaks to the cluster's daemon as its administrator. */
export function localClient(paths: ClusterPaths): ApiClient {
  return createApiClient(new HttpTransport({ server: "http://localhost", socketPath: paths.socket }));
}
