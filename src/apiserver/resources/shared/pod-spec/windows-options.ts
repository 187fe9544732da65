// Behaviour: validateWindowsSecurityContextOptions and validateWindowsHostProcessPod in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue } from "../../../../api/field-errors.ts";
import type { PodSpec, WindowsSecurityContextOptions } from "../../../../api/generated/types/core/v1.ts";
import { byteLength, isDNS1123Subdomain } from "../../../../api/name-validation.ts";
import { allContainers } from "../containers.ts";
import { invalidEach } from "../field-checks.ts";

const MAX_CREDENTIAL_BYTES = 64 * 1024;
const MAX_DOMAIN_BYTES = 256;
const MAX_USER_BYTES = 104;
const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const DNS_DOMAIN = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);

/** The options that only Windows knows. */
export function validateWindowsOptions(options: WindowsSecurityContextOptions | undefined, path: FieldPath): FieldError[] {
  if (options === undefined) return [];
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  const errors = name === undefined ? [] : invalidEach(path.child("gmsaCredentialSpecName"), name, isDNS1123Subdomain(name));
  if (spec === "") errors.push(invalidValue(path.child("gmsaCredentialSpec"), spec, "gmsaCredentialSpec cannot be an empty string"));
  else if (spec !== undefined && byteLength(spec) > MAX_CREDENTIAL_BYTES) errors.push(invalidValue(path.child("gmsaCredentialSpec"), spec, "gmsaCredentialSpec size must be under 64 KiB"));
  return user === undefined ? errors : [...errors, ...invalidEach(path.child("runAsUserName"), user, userProblems(user))];
}

function userProblems(name: string): string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const user = parts.at(-1) ?? "";
  const domain = parts.length === 2 ? (parts[0] ?? "") : undefined;
  const problems: string[] = [];
  if (domain !== undefined && byteLength(domain) >= MAX_DOMAIN_BYTES) problems.push(`runAsUserName's Domain length must be under ${MAX_DOMAIN_BYTES} characters`);
  if (domain !== undefined && !NETBIOS.test(domain) && !DNS_DOMAIN.test(domain)) problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (user === "") problems.push("runAsUserName's User cannot be empty");
  else if (byteLength(user) > MAX_USER_BYTES) problems.push(`runAsUserName's User length must not be longer than ${MAX_USER_BYTES} characters`);
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) problems.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  return problems;
}

/** Containers that run as processes of a Windows host are all or none of a pod's. */
export function validateHostProcess(spec: PodSpec, path: FieldPath): FieldError[] {
  const pod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = allContainers(spec, path).map(({ container, path: at }) => ({ own: container.securityContext?.windowsOptions?.hostProcess, at }));
  const errors = containers.flatMap(({ own, at }) => {
    if (pod === undefined || own === undefined || pod === own) return [];
    return [invalidValue(at.child("securityContext", "windowsOptions", "hostProcess"), own, `pod hostProcess value must be identical if both are specified, was ${pod}`)];
  });
  const count = containers.filter(({ own }) => own ?? pod ?? false).length;
  if (count === 0) return errors;
  if (count !== containers.length) errors.push(invalidValue(path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers"));
  if (spec.hostNetwork !== true) errors.push(invalidValue(path.child("hostNetwork"), false, "hostNetwork must be true if pod contains any hostProcess containers"));
  return errors;
}
