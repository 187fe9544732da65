// Behaviour: k8s.io/apiserver/pkg/endpoints/deprecation: warnings on every use of an API that is on its way out.
import type { Resource } from "./resource.ts";

const WARNINGS: Readonly<Record<string, string>> = {
  "/v1/componentstatuses": "v1 ComponentStatus is deprecated in v1.19+",
  "/v1/endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
};

/** The warning for users of a resource; undefined for what is there to stay. */
export function deprecationWarning({ group, version, resource, deprecationWarning: own }: Pick<Resource, "group" | "version" | "resource" | "deprecationWarning">): string | undefined {
  return own ?? WARNINGS[`${group}/${version}/${resource}`];
}
