import type { Resource } from "../../resource.ts";
import { ingressClassResource } from "./ingress-class.ts";
import { ingressResource } from "./ingress.ts";
import { ipAddressResource } from "./ip-address.ts";
import { networkPolicyResource } from "./network-policy.ts";
import { serviceCIDRResource } from "./service-cidr.ts";

/** The resources of the group networking.k8s.io. */
export const networkingResources: readonly Resource[] = [ingressClassResource, ingressResource, ipAddressResource, networkPolicyResource, serviceCIDRResource];
