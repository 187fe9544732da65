// Behaviour: ValidateSignerName in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import { byteLength, isDNS1123Label, isDNS1123Subdomain } from "../../../api/name-validation.ts";

const MAX_DOMAIN = 253;
const MAX_NAME = MAX_DOMAIN + 1 + MAX_DOMAIN + 1 + 63;

/** "example.com/signer-name": a domain and a path of names. */
export function signerName(value: string, path: FieldPath): FieldError[] {
  if (value === "") return [requiredValue(path)];
  const [domain = "", name, ...rest] = value.split("/");
  if (name === undefined || rest.length > 0) return [invalidValue(path, value, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const labels = domain.split(".");
  return [
    ...(byteLength(domain) > MAX_DOMAIN ? [tooLongValue(path, MAX_DOMAIN)] : []),
    ...firstBadLabel(domain, isDNS1123Label, path),
    ...(labels.length < 2 ? [invalidValue(path, domain, "should be a domain with at least two segments separated by dots")] : []),
    ...firstBadLabel(name, isDNS1123Subdomain, path),
    ...(byteLength(value) > MAX_NAME ? [tooLongValue(path, MAX_NAME)] : []),
  ];
}

function firstBadLabel(value: string, check: (label: string) => string[], path: FieldPath): FieldError[] {
  const label = value.split(".").find((part) => check(part).length > 0);
  return label === undefined ? [] : check(label).map((message) => invalidValue(path, value, `validating label ${JSON.stringify(label)}: ${message}`));
}
