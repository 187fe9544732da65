// Behaviour: k8s.io/kubectl/pkg/cmd/cp/{cp,filespec}.go: [[namespace/]pod:]path.
import { CommandError } from "../errors.ts";

/** A file here, or one in a pod. */
export interface FileSpec {
  readonly path: string;
  /** "" here. */
  readonly pod: string;
  /** "" for the command's own. */
  readonly namespace: string;
}

/** Reads one of cp's words. */
export function readFileSpec(word: string): FileSpec {
  const malformed = () => new CommandError("filespec must match the canonical format: [[namespace/]pod:]file/path");
  const colon = word.indexOf(":");
  if (colon === 0) throw malformed();
  if (colon === -1) return { path: word, pod: "", namespace: "" };
  const pieces = word.slice(0, colon).split("/");
  const path = word.slice(colon + 1);
  const [first = "", second] = pieces;
  if (pieces.length > 2) throw malformed();
  return second === undefined ? { path, pod: first, namespace: "" } : { path, pod: second, namespace: first };
}
