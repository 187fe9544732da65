// Behaviour: github.com/distribution/reference, as the kubelet and the engine use it.

const DOMAIN = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*";
const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  `^((?:(?:${DOMAIN}|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?/)?${COMPONENT}(?:/${COMPONENT})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/** A parsed name of an image. */
interface Parsed {
  readonly domain: string;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

function split(image: string): { domain: string; remainder: string } {
  const slash = image.indexOf("/");
  const first = image.slice(0, Math.max(slash, 0));
  const isDomain = slash > 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  const domain = isDomain ? (first === "index.docker.io" ? "docker.io" : first) : "docker.io";
  const remainder = isDomain ? image.slice(slash + 1) : image;
  return { domain, remainder: domain === "docker.io" && !remainder.includes("/") ? `library/${remainder}` : remainder };
}

function parse(image: string): Parsed | undefined {
  if (/^[a-f0-9]{64}$/.test(image)) return undefined;
  const { domain, remainder } = split(image);
  const match = REFERENCE.exec(`${domain}/${remainder}`);
  if (match === null) return undefined;
  return { domain, path: (match[1] ?? "").slice(domain.length + 1), tag: match[2], digest: match[3] };
}

/** Why a text is no image's name, in the reference library's words; undefined when it is one. */
export function imageNameError(image: string): string | undefined {
  if (parse(image) !== undefined) return undefined;
  if (/^[a-f0-9]{64}$/.test(image)) return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`;
  const { remainder } = split(image);
  const repository = remainder.includes(":") ? remainder.slice(0, remainder.indexOf(":")) : remainder;
  if (repository.toLowerCase() !== repository) return `invalid reference format: repository name (${repository}) must be lowercase`;
  return "invalid reference format";
}

/** The name with ":latest" when it has neither tag nor digest. */
export function defaultTag(image: string): string {
  const parsed = parse(image);
  return parsed === undefined || parsed.tag !== undefined || parsed.digest !== undefined ? image : `${image}:latest`;
}

/** The full name with its registry: "docker.io/library/busybox:1.36". */
export function fullName(image: string): string {
  const parsed = parse(image);
  if (parsed === undefined) return image;
  return `${parsed.domain}/${parsed.path}${parsed.tag === undefined ? "" : `:${parsed.tag}`}${parsed.digest === undefined ? "" : `@${parsed.digest}`}`;
}
