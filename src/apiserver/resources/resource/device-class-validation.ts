// Behaviour: ValidateDeviceClass in k8s.io/kubernetes/pkg/apis/resource/validation.
import { type FieldError, FieldPath, invalidValue } from "../../../api/field-errors.ts";
import type { DeviceClass } from "../../../api/generated/types/resource/v1.ts";
import { isExtendedResource } from "../shared/resource-names.ts";
import { MAX_REQUESTS } from "./claim-validation.ts";
import { validateSlice } from "./collections.ts";
import { validateConfiguration, validateSelectors } from "./selector-validation.ts";

const SPEC = new FieldPath("spec");

/** What is wrong with a class of devices. */
export function validateDeviceClass({ spec }: DeviceClass): FieldError[] {
  const { selectors, config, extendedResourceName: name } = spec;
  const isUnknown = name !== undefined && !isExtendedResource(name);
  return [
    ...validateSelectors(selectors, SPEC.child("selectors")),
    ...validateSlice(config, MAX_REQUESTS, validateConfiguration, SPEC.child("config")),
    ...(isUnknown ? [invalidValue(SPEC.child("extendedResourceName"), name, "must be a valid extended resource name")] : []),
  ];
}
