// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation validateCustomResourceConversion, k8s.io/apiserver/pkg/util/webhook/validation.go.
import { X509Certificate } from "node:crypto";
import { type FieldError, type FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { CustomResourceConversion, ServiceReference } from "../../../api/generated/types/apiextensions/v1.ts";
import { isDNS1035Label, isDNS1123Subdomain, isValidPortNumber } from "../../../api/name-validation.ts";

const UNDERSTOOD = ["v1", "v1beta1"];

/** What is wrong with how a definition's objects are converted. */
export function validateConversion(conversion: CustomResourceConversion | undefined, path: FieldPath, allowsInvalidBundle: boolean): FieldError[] {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  const errors: FieldError[] = [];
  if (strategy === "") errors.push(requiredValue(path.child("strategy")));
  else if (strategy !== "None" && strategy !== "Webhook") errors.push(notSupportedValue(path.child("strategy"), strategy, ["None", "Webhook"]));
  const config = path.child("webhookClientConfig");
  const versions = path.child("conversionReviewVersions");
  const client = webhook?.clientConfig;
  if (strategy !== "Webhook") {
    if (client !== undefined) errors.push(forbiddenField(config, "should not be set when strategy is not set to Webhook"));
    if (webhook?.conversionReviewVersions?.length) errors.push(forbiddenField(versions, "should not be set when strategy is not set to Webhook"));
    return errors;
  }
  if (client === undefined) errors.push(requiredValue(config, "required when strategy is set to Webhook"));
  else {
    const { url, service, caBundle } = client;
    if ((url === undefined) === (service === undefined)) errors.push(requiredValue(config, "exactly one of url or service is required"));
    else if (url !== undefined) errors.push(...validateUrl(url, config.child("url")));
    else if (service !== undefined) errors.push(...validateService(service, config.child("service")));
    if (caBundle && !allowsInvalidBundle && !isBundle(caBundle)) errors.push(invalidValue(config.child("caBundle"), caBundle, "unable to load root certificates: unable to parse bytes as PEM block"));
  }
  return [...errors, ...validateReviewVersions(webhook?.conversionReviewVersions ?? [], versions)];
}

function validateReviewVersions(versions: readonly string[], path: FieldPath): FieldError[] {
  if (versions.length === 0) return [requiredValue(path)];
  const errors = versions.flatMap((version, index) => {
    if (versions.indexOf(version) < index) return [invalidValue(path.index(index), version, "duplicate version")];
    return isDNS1035Label(version).map((problem) => invalidValue(path.index(index), version, problem));
  });
  if (versions.some((version) => UNDERSTOOD.includes(version))) return errors;
  return [...errors, invalidValue(path, versions, `must include at least one of ${UNDERSTOOD.join(", ")}`)];
}

function validateUrl(url: string, path: FieldPath): FieldError[] {
  const form = "; desired format: https://host[/path]";
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return /^[^:/?#]*(?:\/|$)/.test(url) ? [invalidValue(path, "", `'https' is the only allowed URL scheme${form}`), invalidValue(path, "", `host must be specified${form}`)] : [requiredValue(path, `url must be a valid URL: parse ${JSON.stringify(url)}: invalid URI${form}`)];
  const errors: FieldError[] = [];
  if (parsed.protocol !== "https:") errors.push(invalidValue(path, parsed.protocol.slice(0, -1), `'https' is the only allowed URL scheme${form}`));
  if (parsed.host === "") errors.push(invalidValue(path, parsed.host, `host must be specified${form}`));
  if (parsed.username !== "" || parsed.password !== "") errors.push(invalidValue(path, `${parsed.username}${parsed.password === "" ? "" : `:${parsed.password}`}`, "user information is not permitted in the URL"));
  if (parsed.hash !== "") errors.push(invalidValue(path, parsed.hash.slice(1), "fragments are not permitted in the URL"));
  if (parsed.search !== "") errors.push(invalidValue(path, parsed.search.slice(1), "query parameters are not permitted in the URL"));
  return errors;
}

function validateService({ name, namespace, path: at, port = 443 }: ServiceReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(requiredValue(path.child("name"), "service name is required"));
  if (!namespace) errors.push(requiredValue(path.child("namespace"), "service namespace is required"));
  if (isValidPortNumber(port).length > 0) errors.push(invalidValue(path.child("port"), port, `port is not valid: ${isValidPortNumber(port).join(", ")}`));
  return at === undefined ? errors : [...errors, ...validatePath(at, path.child("path"))];
}

function validatePath(text: string, path: FieldPath): FieldError[] {
  if (text === "") return [];
  if (text === "/") return [];
  if (!text.startsWith("/")) return [invalidValue(path, text, "must start with a '/'")];
  const parts = text.slice(1).replace(/\/$/, "").split("/");
  return parts.flatMap((part, index) => {
    if (part === "") return [invalidValue(path, text, `segment[${index}] may not be empty`)];
    return isDNS1123Subdomain(part).map((problem) => invalidValue(path, text, `segment[${index}]: ${problem}`));
  });
}

function isBundle(bundle: string): boolean {
  const blocks = Buffer.from(bundle, "base64").toString("utf8").match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  try {
    return blocks !== null && blocks.every((block) => new X509Certificate(block).subject !== undefined);
  } catch {
    return false;
  }
}
