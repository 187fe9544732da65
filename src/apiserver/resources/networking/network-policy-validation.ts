// Behaviour: ValidateNetworkPolicy* in k8s.io/kubernetes/pkg/apis/networking/validation.
import { type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../../api/generated/types/networking/v1.ts";
import { isValidPortName, isValidPortNumber } from "../../../api/name-validation.ts";
import { addressRange, isStrictSubset } from "../shared/addresses.ts";
import { invalidEach, oneOf } from "../shared/field-checks.ts";
import { validateLabelSelector } from "../shared/label-selector.ts";
import { isNew } from "../shared/new-object.ts";

const SPEC = new FieldPath("spec");
const POLICY_TYPES = ["Ingress", "Egress"];
const PROTOCOLS = ["TCP", "UDP", "SCTP"];

/** What is wrong with a new network policy. */
export function validateNetworkPolicy(policy: NetworkPolicy): FieldError[] {
  return isNew(policy) ? validateSpec(policy, []) : [];
}

/** What is wrong with a network policy that was there before; ranges that it had can stay. */
export function validateNetworkPolicyUpdate(next: NetworkPolicy, old: NetworkPolicy): FieldError[] {
  const peers = [...(old.spec.ingress ?? []).flatMap(({ from = [] }) => from), ...(old.spec.egress ?? []).flatMap(({ to = [] }) => to)];
  return validateSpec(
    next,
    peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])])),
  );
}

function validateSpec({ spec }: NetworkPolicy, before: readonly string[]): FieldError[] {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec;
  const rule = (ports: readonly NetworkPolicyPort[] | undefined, peers: readonly NetworkPolicyPeer[] | undefined, path: FieldPath, peersField: string): FieldError[] => [
    ...(ports ?? []).flatMap((port, index) => validatePort(port, path.child("ports").index(index))),
    ...(peers ?? []).flatMap((peer, index) => validatePeer(peer, before, path.child(peersField).index(index))),
  ];
  const typesPath = SPEC.child("policyTypes");
  return [
    ...validateLabelSelector(podSelector, SPEC.child("podSelector")),
    ...ingress.flatMap(({ ports, from }, index) => rule(ports, from, SPEC.child("ingress").index(index), "from")),
    ...egress.flatMap(({ ports, to }, index) => rule(ports, to, SPEC.child("egress").index(index), "to")),
    ...(policyTypes.length > POLICY_TYPES.length
      ? [invalidValue(typesPath, policyTypes, "may not specify more than two policyTypes")]
      : policyTypes.flatMap((type, index) => oneOf(type, POLICY_TYPES, typesPath.index(index)))),
  ];
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: FieldPath): FieldError[] {
  const errors = protocol === undefined ? [] : oneOf(protocol, PROTOCOLS, path.child("protocol"));
  const endPath = path.child("endPort");
  if (port === undefined) return endPort === undefined ? errors : [...errors, invalidValue(endPath, endPort, "may not be specified when `port` is not specified")];
  if (typeof port === "string") {
    if (endPort !== undefined) errors.push(invalidValue(endPath, endPort, "may not be specified when `port` is non-numeric"));
    return [...errors, ...invalidEach(path.child("port"), port, isValidPortName(port))];
  }
  errors.push(...invalidEach(path.child("port"), port, isValidPortNumber(port)));
  if (endPort === undefined) return errors;
  // The message shows the first port, not the last.
  if (endPort < port) errors.push(invalidValue(endPath, port, "must be greater than or equal to `port`"));
  return [...errors, ...invalidEach(endPath, endPort, isValidPortNumber(endPort))];
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, before: readonly string[], path: FieldPath): FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, path.child("podSelector")),
    ...validateLabelSelector(namespaceSelector, path.child("namespaceSelector")),
    ...(ipBlock === undefined ? [] : validateBlock(ipBlock, before, path.child("ipBlock"))),
  ];
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && ipBlock === undefined) errors.push(requiredValue(path, "must specify a peer"));
  if (hasSelector && ipBlock !== undefined) errors.push(forbiddenField(path, "may not specify both ipBlock and another peer"));
  return errors;
}

function validateBlock({ cidr, except = [] }: IPBlock, before: readonly string[], path: FieldPath): FieldError[] {
  if (cidr === "") return [requiredValue(path.child("cidr"))];
  const errors = addressRange(cidr, path.child("cidr"), before);
  if (isStrictSubset(cidr, cidr) === undefined) return errors;
  for (const [index, range] of except.entries()) {
    const at = path.child("except").index(index);
    errors.push(...addressRange(range, at, before));
    if (isStrictSubset(range, cidr) === false) errors.push(invalidValue(at, range, "must be a strict subset of `cidr`"));
  }
  return errors;
}
