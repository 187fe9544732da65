import type { Resource } from "../../resource.ts";
import { certificateSigningRequestResource } from "./certificate-signing-request.ts";

/** The resources of the group certificates.k8s.io. */
export const certificatesResources: readonly Resource[] = [certificateSigningRequestResource];
