// Behaviour: the checks of names, DNS and the host's namespaces in ValidatePodSpec of k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue, tooLongValue } from "../../../../api/field-errors.ts";
import type { HostAlias, PodDNSConfig, PodSpec } from "../../../../api/generated/types/core/v1.ts";
import { byteLength, maxLengthMessage, regexMessage } from "../../../../api/name-validation.ts";
import { ipAddress } from "../addresses.ts";
import { allContainers } from "../containers.ts";
import { dnsSubdomain, invalidEach } from "../field-checks.ts";

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_BYTES = 2048;
const MAX_HOSTNAME_BYTES = 64;
const UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const UNDERSCORE_SUBDOMAIN = `${UNDERSCORE_LABEL}(\\.${UNDERSCORE_LABEL})*`;
const UNDERSCORE_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";

/** On the node's network, a container's port is the node's. */
export function validateHostNetworkPorts(spec: PodSpec, path: FieldPath, isPod: boolean): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return (spec.containers ?? []).flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, containerPort }, place) => {
      if (hostPort === containerPort || (!isPod && hostPort === 0)) return [];
      const at = path.child("containers").index(index).child("ports").index(place).child("hostPort");
      return [invalidValue(at, hostPort, "must match `containerPort` when `hostNetwork` is true")];
    }),
  );
}

/** Names and addresses for the pod's own hosts file. */
export function validateHostAliases(aliases: readonly HostAlias[], path: FieldPath): FieldError[] {
  return aliases.flatMap(({ ip, hostnames = [] }, index) => {
    const at = path.index(index);
    return [...ipAddress(ip, at.child("ip")), ...hostnames.flatMap((hostname, place) => dnsSubdomain(hostname, at.child("hostnames").index(place)))];
  });
}

/** How a pod finds addresses by names. */
export function validateDNSConfig(config: PodDNSConfig | undefined, policy: string | undefined, path: FieldPath): FieldError[] {
  if (policy === "None") {
    if (config === undefined) return [requiredValue(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if (!config.nameservers?.length) return [requiredValue(path.child("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None")];
  }
  if (config === undefined) return [];
  const { nameservers = [], searches = [], options = [] } = config;
  const searchesPath = path.child("searches");
  const errors = nameservers.length > MAX_NAMESERVERS ? [invalidValue(path.child("nameservers"), nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`)] : [];
  errors.push(...nameservers.flatMap((address, index) => ipAddress(address, path.child("nameservers").index(index))));
  if (searches.length > MAX_SEARCHES) errors.push(invalidValue(searchesPath, searches, `must not have more than ${MAX_SEARCHES} search paths`));
  if (byteLength(searches.join(" ")) > MAX_SEARCH_BYTES) {
    errors.push(invalidValue(searchesPath, searches, `must not have more than ${MAX_SEARCH_BYTES} characters (including spaces) in the search list`));
  }
  errors.push(...searches.flatMap((search, index) => validateSearch(search, searchesPath.index(index))));
  return [...errors, ...options.flatMap(({ name }, index) => (name ? [] : [requiredValue(path.child("options").index(index), "must not be empty")]))];
}

function validateSearch(search: string, path: FieldPath): FieldError[] {
  if (search === ".") return [];
  const domain = search.replace(/\.$/, "");
  const problems = byteLength(domain) > 253 ? [maxLengthMessage(253).replace("bytes", "characters")] : [];
  if (!new RegExp(`^${UNDERSCORE_SUBDOMAIN}$`).test(domain)) problems.push(regexMessage(UNDERSCORE_RULE, UNDERSCORE_SUBDOMAIN, "example.com"));
  return invalidEach(path, domain, problems);
}

/** A pod with users of its own shares neither processes nor messages with the node. */
export function validateHostUsers(spec: PodSpec, path: FieldPath): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const detail = "when `hostUsers` is false";
  return [
    ...(spec.hostNetwork === true ? [forbiddenField(path.child("hostNetwork"), detail)] : []),
    ...(spec.hostPID === true ? [forbiddenField(path.child("HostPID"), detail)] : []),
    ...(spec.hostIPC === true ? [forbiddenField(path.child("HostIPC"), detail)] : []),
    ...allContainers(spec, path).flatMap(({ container, path: at }) => ((container.volumeDevices ?? []).length > 0 ? [forbiddenField(at.child("volumeDevices"), detail)] : [])),
  ];
}

/** A hostname that replaces the pod's. */
export function validateHostnameOverride(spec: PodSpec, path: FieldPath): FieldError[] {
  const hostname = spec.hostnameOverride;
  if (hostname === undefined) return [];
  const at = path.child("hostnameOverride");
  return [
    ...(spec.setHostnameAsFQDN === true ? [forbiddenField(at, "may not be specified when setHostnameAsFQDN is true")] : []),
    ...(spec.hostNetwork === true ? [forbiddenField(at, "may not be specified when hostNetwork is true")] : []),
    ...(byteLength(hostname) > MAX_HOSTNAME_BYTES ? [tooLongValue(at, MAX_HOSTNAME_BYTES)] : []),
    ...dnsSubdomain(hostname, at),
  ];
}
