import type { Resource } from "../../resource.ts";
import { endpointSliceResource } from "./endpoint-slice.ts";

/** The resources of the group discovery.k8s.io. */
export const discoveryResources: readonly Resource[] = [endpointSliceResource];
