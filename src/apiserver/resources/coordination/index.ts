import type { Resource } from "../../resource.ts";
import { leaseResource } from "./lease.ts";

/** The resources of the group coordination.k8s.io. */
export const coordinationResources: readonly Resource[] = [leaseResource];
