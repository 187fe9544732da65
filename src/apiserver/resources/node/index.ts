import type { Resource } from "../../resource.ts";
import { runtimeClassResource } from "./runtime-class.ts";

/** The resources of the group node.k8s.io. */
export const nodeResources: readonly Resource[] = [runtimeClassResource];
