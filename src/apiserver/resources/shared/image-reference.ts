// Behaviour: k8s.io/kubernetes/pkg/util/parsers and github.com/distribution/reference: the grammar of image names.

const COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const DOMAIN_COMPONENT = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN = `(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*(?::([\\w][\\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);

/** The tag of an image: "latest" when it names neither a tag nor a digest, "" when it has only a digest or is malformed. */
export function imageTag(image: string): string {
  if (/^[a-f0-9]{64}$/.test(image)) return "";
  const match = REFERENCE.exec(withDomain(image));
  if (match === null) return "";
  return match[1] ?? (match[2] === undefined ? "latest" : "");
}

/** The pull policy of an image for which none is given. */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  return imageTag(image) === "latest" ? "Always" : "IfNotPresent";
}

/** What stands before the first slash is a domain only when it looks like one. */
function withDomain(image: string): string {
  const slash = image.indexOf("/");
  const first = image.slice(0, slash);
  const hasDomain = slash !== -1 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  return hasDomain ? image : `docker.io/${image}`;
}
