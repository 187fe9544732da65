// Behaviour: the names in k8s.io/kubernetes/pkg/apis/resource/validation: pools, attributes, capacities, shares of devices.
import { type FieldError, type FieldPath, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import { byteLength, regexMessage } from "../../../api/name-validation.ts";
import { dnsSubdomain } from "../shared/field-checks.ts";
import { validateDriverName } from "../shared/pod-spec/storage-sources.ts";

const MAX_POOL_NAME = 253;
const MAX_ID = 32;
const IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*";
const IDENTIFIER_RULE = "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";

/** "a/b.c": subdomains with slashes between them. */
export function poolName(name: string, path: FieldPath): FieldError[] {
  if (name === "") return [requiredValue(path)];
  return [...(byteLength(name) > MAX_POOL_NAME ? [tooLongValue(path, MAX_POOL_NAME)] : []), ...name.split("/").flatMap((part) => dnsSubdomain(part, path))];
}

/** "example.com/memory", or "memory": an attribute or a capacity. */
export function attributeName(name: string, path: FieldPath): FieldError[] {
  const [first = "", second, ...rest] = name.split("/");
  if (rest.length > 0) return [];
  if (second === undefined) return identifier(first, path);
  return [
    ...(first === "" ? [invalidValue(path, "", "the domain must not be empty")] : validateDriverName(first, path)),
    ...(second === "" ? [invalidValue(path, "", "the name must not be empty")] : identifier(second, path)),
  ];
}

/** "example.com/memory": an attribute, with its domain. */
export function fullAttributeName(name: string, path: FieldPath): FieldError[] {
  return [...attributeName(name, path), ...(name.includes("/") ? [] : [invalidValue(path, name, "a fully qualified name must be a domain and a name separated by a slash")])];
}

/** The identifier of a share of a device. */
export function shareID(id: string, path: FieldPath): FieldError[] {
  const hex = id.replaceAll("-", "");
  const isUUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id) || (id.length === 32 && /^[0-9a-f]{32}$/i.test(hex));
  if (!isUUID) return [invalidValue(path, id, `error validating uid: invalid UUID ${id.length === 36 ? "format" : `length: ${id.length}`}`)];
  if (id.length === 36 && id === id.toLowerCase()) return [];
  return [invalidValue(path, id, "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters")];
}

function identifier(id: string, path: FieldPath): FieldError[] {
  return [
    ...(byteLength(id) > MAX_ID ? [tooLongValue(path, MAX_ID)] : []),
    ...(new RegExp(`^${IDENTIFIER}$`).test(id) ? [] : [invalidValue(path, id, regexMessage(IDENTIFIER_RULE, IDENTIFIER, "my_name", "MY_NAME", "MyName"))]),
  ];
}
