import type { Resource } from "../../resource.ts";
import { deviceClassResource } from "./device-class.ts";
import { resourceClaimTemplateResource } from "./resource-claim-template.ts";
import { resourceClaimResource } from "./resource-claim.ts";
import { resourceSliceResource } from "./resource-slice.ts";

/** The resources of the group resource.k8s.io. */
export const resourceResources: readonly Resource[] = [deviceClassResource, resourceClaimResource, resourceClaimTemplateResource, resourceSliceResource];
