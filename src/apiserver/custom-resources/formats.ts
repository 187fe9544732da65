// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go and k8s.io/kube-openapi/pkg/validation/strfmt.
import { isIP, isIPv4, isIPv6 } from "node:net";
import { isDNS1123Label, isDNS1123Subdomain } from "../../api/name-validation.ts";
import { someSchema, type Schema } from "./structural-schema.ts";

const UUID = (version: string, variant: string) => new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, "i");
const HOSTNAME = /^(?:(?:[a-z0-9\u00a1-\uffff]|[a-z0-9\u00a1-\uffff][a-z0-9\u00a1-\uffff_-]{0,62}[a-z0-9\u00a1-\uffff])\.)*(?:[a-z0-9\u00a1-\uffff][a-z0-9\u00a1-\uffff-]{0,62})$/i;
const CREDIT_CARD = /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;
const RGB_PART = "(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])";
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt\s](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;
const DURATION_UNIT = "(?:ns|nanos?|nanoseconds?|us|µs|μs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?|w|wks?|weeks?)";

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

/** What is a value of each format, by the format's name without dashes. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  uri: isRequestUri,
  email: matches(/^(?:[^<>]*<)?[^\s@<>,;]+@[^\s@<>,;]+>?$/),
  hostname: isHostname,
  ipv4: (text) => isIPv4(text),
  ipv6: (text) => isIPv6(text),
  cidr: isCidr,
  mac: matches(/^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}(?:[0-9a-f]{2}|(?:[0-9a-f]{2}\1){3}[0-9a-f]{2})$|^(?:[0-9a-f]{4}\.){2,3}[0-9a-f]{4}$/i),
  uuid: matches(UUID("[0-9a-f]", "[0-9a-f]")),
  uuid3: matches(UUID("3", "[0-9a-f]")),
  uuid4: matches(UUID("4", "[89ab]")),
  uuid5: matches(UUID("5", "[89ab]")),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: (text) => CREDIT_CARD.test(text.replace(/\D/g, "")) && passesLuhn(text.replace(/\D/g, "")),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matches(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i),
  rgbcolor: matches(new RegExp(`^rgb\\(\\s*${RGB_PART}\\s*,\\s*${RGB_PART}\\s*,\\s*${RGB_PART}\\s*\\)$`)),
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  password: () => true,
  date: isDate,
  duration: matches(new RegExp(`^-?(?:(?:\\d+(?:\\.\\d*)?|\\.\\d+)\\s*${DURATION_UNIT}\\s*)+$|^0$`)),
  datetime: isDateTime,
  k8sshortname: (text) => isDNS1123Label(text).length === 0,
  k8slongname: (text) => isDNS1123Subdomain(text).length === 0,
};

/** Whether texts are checked against a format. */
export function isKnownFormat(format: string): boolean {
  return Object.hasOwn(FORMATS, normalize(format));
}

/** Whether a text has a format that is known. */
export function matchesFormat(format: string, text: string): boolean {
  return FORMATS[normalize(format)]?.(text) ?? true;
}

/** The formats of a schema that mean nothing to the server, each as often as it stands there. */
export function unrecognizedFormats(schema: Schema | undefined): string[] {
  const found: string[] = [];
  someSchema(schema, ({ type, format }) => {
    if (format && !isRecognized(type, format)) found.push(format);
    return false;
  });
  return found;
}

function isRecognized(type: string | undefined, format: string): boolean {
  if (type === undefined || type === "" || type === "string") return isKnownFormat(format);
  if (type === "integer") return format === "int32" || format === "int64";
  return type === "number" && (format === "float" || format === "double");
}

function normalize(format: string): string {
  return format.replaceAll("-", "");
}

function isRequestUri(text: string): boolean {
  if (text.startsWith("/")) return !/[\s\p{Cc}]/u.test(text) && !/%(?![0-9a-f]{2})/i.test(text);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) || /[\s\p{Cc}]/u.test(text)) return false;
  return URL.canParse(text) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

function isHostname(text: string): boolean {
  return text.length <= 255 && (HOSTNAME.test(text) || isIP(text) !== 0);
}

function isCidr(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  if (match === null || !isDate(match[1] ?? "")) return false;
  return Number(match[2]) <= 23 && Number(match[3]) <= 59 && Number(match[4]) <= 59;
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]/g, "");
  if (!/^\d{9}[\dXx]$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, index) => total + (digit.toLowerCase() === "x" ? 10 : Number(digit)) * (10 - index), 0);
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]/g, "");
  return /^\d{13}$/.test(digits) && [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
