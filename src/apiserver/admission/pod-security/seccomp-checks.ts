// Behaviour: k8s.io/pod-security-admission/policy check_seccompProfile_{baseline,restricted}.go.
import { type Check, type CheckFunction, type Violation, containersOf, exceptWindows, named, plural, quoted, setters, sortedSet } from "./check.ts";

const POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";
const CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/";
const ALLOWED_TYPES: readonly (string | undefined)[] = ["RuntimeDefault", "Localhost"];

const annotations: CheckFunction = ({ annotations: all, spec }) => {
  const keys = [POD_ANNOTATION, ...containersOf(spec).map(({ name }) => CONTAINER_ANNOTATION + name)];
  const isAllowed = (value: string) => value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");
  const forbidden = sortedSet(keys.flatMap((key) => (all[key] === undefined || isAllowed(all[key]) ? [] : [`${key}=${JSON.stringify(all[key])}`])));
  if (forbidden.length === 0) return undefined;
  return { reason: "seccompProfile", detail: `forbidden ${plural("annotation", forbidden.length)} ${forbidden.join(", ")}` };
};

const explicit: CheckFunction = ({ spec }) => {
  const isBad = (type: string | undefined) => !ALLOWED_TYPES.includes(type);
  const ofPod = spec.securityContext?.seccompProfile;
  const badPod = ofPod !== undefined && isBad(ofPod.type);
  const bad = containersOf(spec).filter(({ securityContext }) => securityContext?.seccompProfile !== undefined && isBad(securityContext.seccompProfile.type));
  const who = setters(badPod, bad.map(({ name }) => name));
  if (who.length === 0) return undefined;
  const values = sortedSet([...(badPod ? [ofPod.type] : []), ...bad.map(({ securityContext }) => securityContext?.seccompProfile?.type ?? "")]);
  return violation(`${who.join(" and ")} must not set securityContext.seccompProfile.type to ${quoted(values)}`);
};

const required: CheckFunction = (pod) => {
  const found = explicit(pod);
  const { securityContext } = pod.spec;
  if (found !== undefined || ALLOWED_TYPES.includes(securityContext?.seccompProfile?.type)) return found;
  const without = containersOf(pod.spec).filter((container) => container.securityContext?.seccompProfile === undefined);
  if (without.length === 0) return undefined;
  return violation(`pod or ${named("container", without.map(({ name }) => name))} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`);
};

function violation(detail: string): Violation {
  return { reason: "seccompProfile", detail };
}

/** No container without system call filters, where they are named. */
export const seccompBaseline: Check = {
  id: "seccompProfile_baseline",
  versions: [
    { since: 0, check: annotations },
    { since: 19, check: explicit },
  ],
};

/** System call filters must be named. */
export const seccompRestricted: Check = {
  id: "seccompProfile_restricted",
  versions: [
    { since: 19, check: required },
    { since: 25, check: exceptWindows(required) },
  ],
  overrides: "seccompProfile_baseline",
};
