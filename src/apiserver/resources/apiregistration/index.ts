import type { Resource } from "../../resource.ts";
import { apiServiceResource } from "./api-service.ts";

/** The resources of the group apiregistration.k8s.io. */
export const apiregistrationResources: readonly Resource[] = [apiServiceResource];
