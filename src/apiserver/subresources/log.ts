// Behaviour: k8s.io/kubernetes/pkg/registry/core/pod/rest/log.go: a container's log as text.
import { badRequest, invalid } from "../../api/errors.ts";
import { FieldPath, type FieldError, forbiddenField, invalidValue, notSupportedValue } from "../../api/field-errors.ts";
import type { PodLogOptions } from "../../api/generated/types/core/v1.ts";
import { type ServerResponse, textResponse } from "../message.ts";
import { parseInteger } from "../options.ts";
import { isTrue } from "../request-info.ts";
import { chooseContainer, connectionOf, podOf, podReference } from "./pod-target.ts";
import type { Subresource } from "./subresource.ts";

const STREAMS = ["All", "Stderr", "Stdout"];

/** pods/log. */
export const logSubresource: Subresource = {
  name: "log",
  async get(call): Promise<ServerResponse> {
    const options = parseLogOptions(call.info.query);
    const errors = validateLogOptions(options);
    if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, call.info.name, errors);
    const pod = podOf(call);
    const container = chooseContainer(pod, options.container ?? "");
    if ((pod.spec.nodeName ?? "") === "") return { ...textResponse(204, ""), headers: {} };
    const chunks = await connectionOf(call, pod).logs(podReference(pod), { ...options, container }, call.request.signal);
    return { status: 200, headers: { "content-type": "text/plain" }, warnings: call.warnings, body: { type: "stream", chunks } };
  },
};

function parseLogOptions(query: URLSearchParams): PodLogOptions {
  const flags = ["follow", "previous", "timestamps", "insecureSkipTLSVerifyBackend"] as const;
  const numbers = ["sinceSeconds", "tailLines", "limitBytes"] as const;
  const texts = ["container", "stream"] as const;
  const options: PodLogOptions = {};
  for (const name of flags) if (isTrue(query.get(name))) options[name] = true;
  for (const name of numbers) {
    const value = parseInteger(query.get(name));
    if (value !== undefined) options[name] = value;
  }
  for (const name of texts) {
    const value = query.get(name) ?? "";
    if (value !== "") options[name] = value;
  }
  const sinceTime = query.get("sinceTime") ?? "";
  if (sinceTime !== "") {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(sinceTime) || Number.isNaN(Date.parse(sinceTime))) {
      throw badRequest(`parsing time ${JSON.stringify(sinceTime)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(sinceTime)} as "2006"`);
    }
    options.sinceTime = sinceTime;
  }
  return options;
}

function validateLogOptions({ tailLines, limitBytes, sinceSeconds, sinceTime, stream }: PodLogOptions): FieldError[] {
  const errors: FieldError[] = [];
  const whole = new FieldPath("[]");
  if (tailLines !== undefined && tailLines < 0) errors.push(invalidValue(new FieldPath("tailLines"), tailLines, "must be greater than or equal to 0"));
  if (limitBytes !== undefined && limitBytes < 1) errors.push(invalidValue(new FieldPath("limitBytes"), limitBytes, "must be greater than 0"));
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    errors.push(forbiddenField(whole, "at most one of `sinceTime` or `sinceSeconds` may be specified"));
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    errors.push(invalidValue(new FieldPath("sinceSeconds"), sinceSeconds, "must be greater than 0"));
  }
  if (stream !== undefined && !STREAMS.includes(stream)) errors.push(notSupportedValue(new FieldPath("stream"), stream, STREAMS));
  else if (stream !== undefined && stream !== "All" && tailLines !== undefined) {
    errors.push(forbiddenField(whole, "`tailLines` and specific `stream` are mutually exclusive for now"));
  }
  return errors;
}
