// Behaviour: k8s.io/apimachinery/pkg/util/validation: each check returns the messages of what is wrong, none when all is well.
import { isIP } from "node:net";

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const LABEL_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

const LABEL_MESSAGE = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_KEY_MESSAGE = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const regexCache = new Map<string, RegExp>();

/** Whether the whole value matches the expression. */
function matches(expression: string, value: string): boolean {
  let regex = regexCache.get(expression);
  if (regex === undefined) {
    // Go's $ stands only for the end of the text, as it does here without the m flag.
    regex = new RegExp(`^(?:${expression})$`);
    regexCache.set(expression, regex);
  }
  return regex.test(value);
}

/** A message for a value that does not match an expression, with examples of values that do. */
export function regexMessage(message: string, expression: string, ...examples: string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${expression}')`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${expression}')`;
}

/** A message for a value longer than `max` bytes. */
export function maxLengthMessage(max: number): string {
  return `must be no more than ${max} bytes`;
}

/** A message for a number outside its range. */
export function rangeMessage(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

/** DNS-1123 label: the names of namespaces, containers, volumes. */
export function isDNS1123Label(value: string): string[] {
  const errors = characterLimit(value, 63);
  if (!matches(LABEL, value)) errors.push(matches(SUBDOMAIN, value) ? "must not contain dots" : regexMessage(LABEL_MESSAGE, LABEL, "my-name", "123-abc"));
  return errors;
}

/** DNS-1123 subdomain: the names of most objects. */
export function isDNS1123Subdomain(value: string): string[] {
  const errors = characterLimit(value, 253);
  if (!matches(SUBDOMAIN, value)) errors.push(regexMessage(SUBDOMAIN_MESSAGE, SUBDOMAIN, "example.com"));
  return errors;
}

/** DNS-1035 label: the names of services. */
export function isDNS1035Label(value: string): string[] {
  const errors = characterLimit(value, 63);
  if (!matches(LABEL_1035, value)) {
    errors.push(
      regexMessage(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        LABEL_1035,
        "my-name",
        "abc-123",
      ),
    );
  }
  return errors;
}

/** A subdomain behind "*.". */
export function isWildcardDNS1123Subdomain(value: string): string[] {
  const errors = characterLimit(value, 253);
  const expression = `\\*\\.${SUBDOMAIN}`;
  if (!matches(expression, value)) {
    errors.push(
      regexMessage(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        expression,
        "*.example.com",
      ),
    );
  }
  return errors;
}

/** A label's key: an optional subdomain and a slash, then a name. */
export function isQualifiedName(value: string): string[] {
  const parts = value.split("/");
  if (parts.length > 2) {
    return [`a valid label key ${regexMessage(LABEL_KEY_MESSAGE, LABEL_KEY, "MyName", "my.name", "123-abc")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === "") errors.push("prefix part must be non-empty");
  else if (prefix !== undefined) errors.push(...isDNS1123Subdomain(prefix).map((message) => `prefix part ${message === charactersMessage(253) ? maxLengthMessage(253) : message}`));
  if (name === "") errors.push("name part must be non-empty");
  else if (byteLength(name) > 63) errors.push(`name part ${maxLengthMessage(63)}`);
  if (!matches(LABEL_KEY, name)) errors.push(`name part ${regexMessage(LABEL_KEY_MESSAGE, LABEL_KEY, "MyName", "my.name", "123-abc")}`);
  return errors;
}

/** A label's value: empty, or as a label key's name part. */
export function isValidLabelValue(value: string): string[] {
  const errors = tooLong(value, 63);
  const expression = `(${LABEL_KEY})?`;
  if (!matches(expression, value)) {
    errors.push(
      regexMessage(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        expression,
        "MyValue",
        "my_value",
        "12345",
      ),
    );
  }
  return errors;
}

/** A key of a ConfigMap or Secret. */
export function isConfigMapKey(value: string): string[] {
  const errors = characterLimit(value, 253);
  const expression = "[-._a-zA-Z0-9]+";
  if (!matches(expression, value)) {
    errors.push(regexMessage("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", expression, "key.name", "KEY_NAME", "key-name"));
  }
  return [...errors, ...parentFolder(value)];
}

/** An environment variable's name, in the strict form. */
export function isEnvVarName(value: string): string[] {
  const errors: string[] = [];
  const expression = "[-._a-zA-Z][-._a-zA-Z0-9]*";
  if (!matches(expression, value)) {
    errors.push(
      regexMessage(
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
        expression,
        "my.env-name",
        "MY_ENV.NAME",
        "MyEnvName1",
      ),
    );
  }
  return [...errors, ...parentFolder(value)];
}

/** An environment variable's name: any printable ASCII but "=". */
export function isRelaxedEnvVarName(value: string): string[] {
  if (value === "") return ["environment variable name must be non-empty"];
  return /^[ -<>-~]*$/.test(value) ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** An HTTP header's name. */
export function isHTTPHeaderName(value: string): string[] {
  const expression = "[-A-Za-z0-9]+";
  return matches(expression, value) ? [] : [regexMessage("a valid HTTP header must consist of alphanumeric characters or '-'", expression, "X-Header-Name")];
}

/** A percentage such as "25%". */
export function isValidPercent(value: string): string[] {
  return matches("[0-9]+%", value) ? [] : [regexMessage("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%")];
}

/** A port's number. */
export function isValidPortNumber(port: number): string[] {
  return port >= 1 && port <= 65_535 ? [] : [rangeMessage(1, 65_535)];
}

/** A port's name, by RFC 6335. */
export function isValidPortName(port: string): string[] {
  const errors = characterLimit(port, 15);
  if (!/^[-a-z0-9]+$/.test(port)) errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(port)) errors.push("must contain at least one letter (a-z)");
  if (port.includes("--")) errors.push("must not contain consecutive hyphens");
  if (port.startsWith("-") || port.endsWith("-")) errors.push("must not begin or end with a hyphen");
  return errors;
}

/** A user's or group's number; `maximum` 2^31 - 1. */
export function isValidUserID(id: number): string[] {
  return id >= 0 && id <= 2_147_483_647 ? [] : [rangeMessage(0, 2_147_483_647)];
}

/** An IPv4 or IPv6 address. */
export function isValidIP(value: string): string[] {
  return isIP(value) === 0 ? ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"] : [];
}

/** An address and a prefix length. */
export function isValidCIDR(value: string): string[] {
  const [address = "", prefix = "", ...rest] = value.split("/");
  const family = isIP(address);
  const valid = rest.length === 0 && family !== 0 && /^(0|[1-9][0-9]{0,2})$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
  return valid ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
}

/** Length in UTF-8. */
export function byteLength(value: string): number {
  return Buffer.byteLength(value, "utf8");
}

function tooLong(value: string, max: number): string[] {
  return byteLength(value) > max ? [maxLengthMessage(max)] : [];
}

/** The older checks speak of characters where they count bytes, too. */
function characterLimit(value: string, max: number): string[] {
  return byteLength(value) > max ? [charactersMessage(max)] : [];
}

function charactersMessage(max: number): string {
  return `must be no more than ${max} characters`;
}

function parentFolder(value: string): string[] {
  if (value === ".") return ["must not be '.'"];
  if (value === "..") return ["must not be '..'"];
  return value.startsWith("..") ? ["must not start with '..'"] : [];
}
