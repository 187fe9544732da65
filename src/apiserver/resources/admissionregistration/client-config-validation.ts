// Behaviour: ValidateWebhookURL and ValidateWebhookService in k8s.io/apiserver/pkg/util/webhook.
import { type FieldError, type FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { ServiceReference, WebhookClientConfig } from "../../../api/generated/types/admissionregistration/v1.ts";
import { isDNS1123Subdomain, isValidPortNumber } from "../../../api/name-validation.ts";

const FORM = "; desired format: https://host[/path]";

/** What is wrong with the address of a webhook: a URL or a service. */
export function validateClientConfig({ url, service }: WebhookClientConfig, path: FieldPath): FieldError[] {
  if ((url === undefined) === (service === undefined)) return [requiredValue(path, "exactly one of url or service is required")];
  if (url !== undefined) return validateURL(url, path.child("url"));
  return service === undefined ? [] : validateService(service, path.child("service"));
}

/** A URL in its parts; scheme, user, host, query and fragment may be missing. */
const URL_PARTS = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/;

function validateURL(url: string, path: FieldPath): FieldError[] {
  if (url.startsWith(":")) return [requiredValue(path, `url must be a valid URL: parse ${JSON.stringify(url)}: missing protocol scheme${FORM}`)];
  if (/\p{Cc}/u.test(url)) return [requiredValue(path, `url must be a valid URL: parse ${JSON.stringify(url)}: net/url: invalid control character in URL${FORM}`)];
  const [, scheme = "", user, host = "", query = "", fragment = ""] = URL_PARTS.exec(url) ?? [];
  return [
    ...(scheme.toLowerCase() === "https" ? [] : [invalidValue(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${FORM}`)]),
    ...(host === "" ? [invalidValue(path, host, `host must be specified${FORM}`)] : []),
    ...(user === undefined ? [] : [invalidValue(path, user, "user information is not permitted in the URL")]),
    ...(fragment === "" ? [] : [invalidValue(path, fragment, "fragments are not permitted in the URL")]),
    ...(query === "" ? [] : [invalidValue(path, query, "query parameters are not permitted in the URL")]),
  ];
}

/** The checks take the service's name for its namespace, and the other way round. */
function validateService({ name, namespace, path: servicePath, port = 0 }: ServiceReference, path: FieldPath): FieldError[] {
  const problems = isValidPortNumber(port);
  return [
    ...(namespace === "" ? [requiredValue(path.child("name"))] : []),
    ...(name === "" ? [requiredValue(path.child("namespace"))] : []),
    ...(problems.length === 0 ? [] : [invalidValue(path.child("port"), port, `port is not valid: ${problems.join(", ")}`)]),
    ...(servicePath === undefined ? [] : validatePath(servicePath, path.child("path"))),
  ];
}

function validatePath(value: string, path: FieldPath): FieldError[] {
  if (value === "/" || value === "") return [];
  if (value === "//") return [invalidValue(path, value, "segment[0] may not be empty")];
  const segments = value.slice(1).replace(/\/$/, "").split("/");
  return [
    ...(value.startsWith("/") ? [] : [invalidValue(path, value, "must start with a '/'")]),
    ...segments.flatMap((segment, index) => {
      if (segment === "") return [invalidValue(path, value, `segment[${index}] may not be empty`)];
      return isDNS1123Subdomain(segment).map((message) => invalidValue(path, value, `segment[${index}]: ${message}`));
    }),
  ];
}
