// Behaviour: validateProbe, validateHandler and validateLifecycle in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type { Container, EphemeralContainer, HTTPGetAction, LifecycleHandler, Probe } from "../../../../api/generated/types/core/v1.ts";
import { isHTTPHeaderName } from "../../../../api/name-validation.ts";
import { invalidEach, nonNegative, oneOf, portNumber, portNumberOrName } from "../field-checks.ts";

type Handler = Probe & LifecycleHandler;
type AnyContainer = Container | EphemeralContainer;

/** What a container does at its start and end, and how its health is found out. */
export function validateLifecycleAndProbes(container: AnyContainer, gracePeriod: number | undefined, path: FieldPath): FieldError[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  const errors: FieldError[] = [];
  if (lifecycle?.postStart !== undefined) errors.push(...validateHandler(lifecycle.postStart as Handler, gracePeriod, path.child("lifecycle", "postStart")));
  if (lifecycle?.preStop !== undefined) errors.push(...validateHandler(lifecycle.preStop as Handler, gracePeriod, path.child("lifecycle", "preStop")));
  if (livenessProbe !== undefined) errors.push(...validateSingleSuccessProbe(livenessProbe, path.child("livenessProbe")));
  if (readinessProbe !== undefined) errors.push(...validateReadinessProbe(readinessProbe, path.child("readinessProbe")));
  if (startupProbe !== undefined) errors.push(...validateSingleSuccessProbe(startupProbe, path.child("startupProbe")));
  return errors;
}

function validateSingleSuccessProbe(probe: Probe, path: FieldPath): FieldError[] {
  const errors = validateProbe(probe, path);
  return probe.successThreshold === 1 ? errors : [...errors, invalidValue(path.child("successThreshold"), probe.successThreshold ?? 0, "must be 1")];
}

function validateReadinessProbe(probe: Probe, path: FieldPath): FieldError[] {
  const errors = validateProbe(probe, path);
  if (probe.terminationGracePeriodSeconds === undefined) return errors;
  return [...errors, invalidValue(path.child("terminationGracePeriodSeconds"), probe.terminationGracePeriodSeconds, "must not be set for readinessProbes")];
}

function validateProbe(probe: Probe, path: FieldPath): FieldError[] {
  const counts = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] as const;
  const grace = probe.terminationGracePeriodSeconds;
  return [
    ...validateHandler(probe, undefined, path),
    ...counts.flatMap((field) => nonNegative(probe[field], path.child(field))),
    ...(grace !== undefined && grace <= 0 ? [invalidValue(path.child("terminationGracePeriodSeconds"), grace, "must be greater than 0")] : []),
  ];
}

/** Exactly one handler is there; the second one is not even looked at. */
function validateHandler(handler: Handler, gracePeriod: number | undefined, path: FieldPath): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const checks: [string, (() => FieldError[]) | undefined][] = [
    ["exec", exec && (() => (exec.command?.length ? [] : [requiredValue(path.child("exec", "command"))]))],
    ["httpGet", httpGet && (() => validateHTTPGet(httpGet, path.child("httpGet")))],
    ["tcpSocket", tcpSocket && (() => portNumberOrName(tcpSocket.port, path.child("tcpSocket", "port")))],
    ["grpc", grpc && (() => portNumber(grpc.port, path.child("grpc", "port")))],
    ["sleep", sleep && (() => validateSleep(sleep.seconds, gracePeriod, path.child("sleep")))],
  ];
  const given = checks.filter(([, check]) => check !== undefined);
  if (given.length === 0) return [requiredValue(path, "must specify a handler type")];
  return given.flatMap(([name, check], index) => (index > 0 ? [forbiddenField(path.child(name), "may not specify more than 1 handler type")] : (check?.() ?? [])));
}

function validateHTTPGet({ path: url, port, scheme, httpHeaders }: HTTPGetAction, path: FieldPath): FieldError[] {
  return [
    ...(url ? [] : [requiredValue(path.child("path"))]),
    ...portNumberOrName(port, path.child("port")),
    ...oneOf(scheme, ["HTTP", "HTTPS"], path.child("scheme")),
    ...(httpHeaders ?? []).flatMap(({ name }) => invalidEach(path.child("httpHeaders"), name, isHTTPHeaderName(name))),
  ];
}

function validateSleep(seconds: number, gracePeriod: number | undefined, path: FieldPath): FieldError[] {
  if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return [];
  return [invalidValue(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`)];
}
