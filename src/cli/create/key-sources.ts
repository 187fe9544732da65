// Behaviour: k8s.io/kubectl/pkg/util (ParseFileSource, ParseLiteralSource) and pkg/cmd/util/env_file.go: where the keys of config maps and secrets come from.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isEnvVarName } from "../../api/name-validation.ts";
import { CommandError } from "../errors.ts";
import type { IO } from "../io.ts";

/** One key and its content. */
export interface KeyContent {
  readonly key: string;
  readonly content: Buffer;
}

/** The pair of a --from-literal. */
export function literalSource(source: string): KeyContent {
  const equals = source.indexOf("=");
  if (equals < 1) throw new CommandError(`invalid literal source ${source}, expected key=value`);
  return { key: source.slice(0, equals), content: Buffer.from(source.slice(equals + 1)) };
}

/** The files of a --from-file: one, or the files of a folder. */
export function fileSource(source: string): KeyContent[] {
  const { key, path } = splitFileSource(source);
  if (!statOf(path).isDirectory()) return [{ key, content: readAll(path) }];
  if (source.includes("=")) throw new CommandError("cannot give a key name for a directory path");
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.filter((entry) => entry.isFile()).map((entry) => ({ key: entry.name, content: readAll(join(path, entry.name)) }));
}

function splitFileSource(source: string): { key: string; path: string } {
  const parts = source.split("=");
  const [key = "", path = ""] = parts;
  if (parts.length === 1) return { key: basename(source), path: source };
  if (parts.length > 2) throw new CommandError("key names or file paths cannot contain '='");
  if (key === "") throw new CommandError(`key name for file path ${path} missing`);
  if (path === "") throw new CommandError(`file path for key name ${key} missing`);
  return { key, path };
}

/** The pairs of a --from-env-file; `what` names the object: "config" or "secret". */
export function envFileSource(path: string, what: string, io: IO): KeyContent[] {
  if (statOf(path).isDirectory()) throw new CommandError(`env ${what} file cannot be a directory`);
  const pairs: KeyContent[] = [];
  for (const [index, line] of readAll(path).toString("utf8").split(/\r?\n/).entries()) {
    const text = (index === 0 ? line.replace(/^\uFEFF/, "") : line).trimStart();
    if (text === "" || text.startsWith("#")) continue;
    const equals = text.indexOf("=");
    const key = equals === -1 ? text : text.slice(0, equals);
    const problems = isEnvVarName(key);
    if (problems.length > 0) throw new CommandError(`${JSON.stringify(key)} is not a valid key name: ${problems.join(";")}`);
    pairs.push({ key, content: Buffer.from(equals === -1 ? (io.env[key] ?? "") : text.slice(equals + 1)) });
  }
  return pairs;
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw new CommandError(`error reading ${path}: ${systemReason(error)}`);
  }
}

/** A file's bytes; a failure in the words of Go's os package. */
export function readAll(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CommandError(`open ${path}: ${systemReason(error)}`);
  }
}

function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return { ENOENT: "no such file or directory", EACCES: "permission denied", EISDIR: "is a directory", ENOTDIR: "not a directory" }[code ?? ""] ?? message;
}
