// Behaviour: k8s.io/kube-aggregator/pkg/apis/apiregistration/validation.
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { APIService, APIServiceSpec, ServiceReference } from "../../../api/generated/types/apiregistration/v1.ts";
import { isDNS1035Label, isValidPortNumber } from "../../../api/name-validation.ts";
import { dnsSubdomain, invalidEach, oneOf, required } from "../shared/field-checks.ts";
import { nameIsPathSegment } from "../shared/names.ts";

const SPEC = new FieldPath("spec");
const MAX_GROUP_PRIORITY = 20_000;
const MAX_VERSION_PRIORITY = 1000;

/** What is wrong with an APIService. */
export function validateAPIService({ metadata, spec }: APIService): FieldError[] {
  const { group = "", version = "", groupPriorityMinimum, versionPriority } = spec;
  const errors = validateName(metadata.name ?? "", `${version}.${group}`);
  if (group === "" && version !== "v1") errors.push(requiredValue(SPEC.child("group"), "only v1 may have an empty group and it better be legacy kube"));
  if (group !== "") errors.push(...dnsSubdomain(group, SPEC.child("group")));
  errors.push(
    ...invalidEach(SPEC.child("version"), version, isDNS1035Label(version)),
    ...priority(groupPriorityMinimum, MAX_GROUP_PRIORITY, SPEC.child("groupPriorityMinimum")),
    ...priority(versionPriority, MAX_VERSION_PRIORITY, SPEC.child("versionPriority")),
  );
  return [...errors, ...(spec.service === undefined ? validateLocal(spec) : validateServed(spec, spec.service))];
}

/** What is wrong with the status of an APIService. */
export function validateAPIServiceStatus({ status }: APIService): FieldError[] {
  const path = new FieldPath("status").child("conditions");
  return (status.conditions ?? []).flatMap((condition, index) => oneOf(condition.status, ["True", "False", "Unknown"], path.index(index).child("status")));
}

/** The name says what is served; a name that cannot stand in a path is found elsewhere. */
function validateName(name: string, wanted: string): FieldError[] {
  if (name === "" || name === wanted || nameIsPathSegment(name, false).length > 0) return [];
  return [invalidValue(new FieldPath("metadata").child("name"), name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`)];
}

function priority(value: number, max: number, path: FieldPath): FieldError[] {
  return value <= 0 || value > max ? [invalidValue(path, value, `must be positive and less than ${max}`)] : [];
}

function validateLocal({ caBundle, insecureSkipTLSVerify }: APIServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (caBundle) errors.push(invalidValue(SPEC.child("caBundle"), `${Buffer.from(caBundle, "base64").length} bytes`, "local APIServices may not have a caBundle"));
  if (insecureSkipTLSVerify) errors.push(invalidValue(SPEC.child("insecureSkipTLSVerify"), true, "local APIServices may not have insecureSkipTLSVerify"));
  return errors;
}

function validateServed({ caBundle, insecureSkipTLSVerify }: APIServiceSpec, { namespace, name, port = 0 }: ServiceReference): FieldError[] {
  const path = SPEC.child("service");
  const errors = [...required(namespace, path.child("namespace")), ...required(name, path.child("name"))];
  const problems = isValidPortNumber(port);
  if (problems.length > 0) errors.push(invalidValue(path.child("port"), port, `port is not valid: ${problems.join(", ")}`));
  if (insecureSkipTLSVerify && caBundle) errors.push(invalidValue(SPEC.child("insecureSkipTLSVerify"), true, "may not be true if caBundle is present"));
  return errors;
}
