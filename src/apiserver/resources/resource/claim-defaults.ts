// Behaviour: SetDefaults_ExactDeviceRequest and SetDefaults_DeviceSubRequest in k8s.io/kubernetes/pkg/apis/resource/v1/defaults.go.
import type { DeviceSubRequest, ExactDeviceRequest, ResourceClaimSpec } from "../../../api/generated/types/resource/v1.ts";

/** Fills the defaults of a claim's spec: one device where nothing is said. */
export function defaultClaimSpec(spec: ResourceClaimSpec): void {
  for (const { exactly, firstAvailable = [] } of spec.devices.requests ?? []) {
    if (exactly !== undefined) defaultRequest(exactly);
    for (const request of firstAvailable) defaultRequest(request);
  }
}

function defaultRequest(request: ExactDeviceRequest | DeviceSubRequest): void {
  request.allocationMode ||= "ExactCount";
  if (request.allocationMode === "ExactCount") request.count ||= 1;
}
