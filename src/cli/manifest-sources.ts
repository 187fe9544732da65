// Behaviour: k8s.io/cli-runtime/pkg/resource/{builder,visitor}.go (FilenameParam): where -f finds manifests.
import { globSync, readFileSync, readdirSync, statSync } from "node:fs";
import { STATUS_CODES } from "node:http";
import { extname, join } from "node:path";
import { connectionError } from "../client/connection-error.ts";
import { CommandError } from "./errors.ts";
import { type IO, readStdin } from "./io.ts";

const EXTENSIONS: readonly string[] = [".json", ".yaml", ".yml"];
const URL_ATTEMPTS = 3;

/** The values of -f, -k and -R. */
export interface FilenameOptions {
  readonly filenames: readonly string[];
  readonly kustomize: string;
  readonly recursive: boolean;
}

/** One file, address or stream that holds manifests. */
export interface ManifestSource {
  /** How messages name it: the path, the address, "STDIN". */
  readonly name: string;
  read(): Promise<string>;
}

/** The sources that -f names, and whether they may hold only one object. */
export interface ManifestSources {
  readonly sources: readonly ManifestSource[];
  readonly single: boolean;
}

/** Finds the files, folders and addresses of -f. Throws CommandErrors for each that is not there. */
export function manifestSources({ filenames, recursive }: FilenameOptions, io: IO): ManifestSources {
  let several = false;
  const sources: ManifestSource[] = [];
  for (const filename of filenames) {
    if (filename === "-") {
      several = true;
      sources.push({ name: "STDIN", read: () => readStdin(io) });
    } else if (/^https?:\/\//.test(filename)) sources.push({ name: filename, read: () => readUrl(filename, io) });
    else {
      const paths = expandPattern(filename);
      if (paths.length > 1) several = true;
      for (const path of paths) {
        const files = filesOf(path, recursive);
        if (files.length > 1) several = true;
        if (files.length === 0 && sources.length === 0) {
          throw new CommandError(`error reading [${paths.join(" ")}]: recognized file extensions are [${EXTENSIONS.join(" ")}]`);
        }
        sources.push(...files.map((file) => ({ name: file, read: async () => decodeText(readFileSync(file)) })));
      }
    }
  }
  return { sources, single: !several && sources.length === 1 };
}

function expandPattern(pattern: string): string[] {
  if (statSync(pattern, { throwIfNoEntry: false }) !== undefined) return [pattern];
  const matches = globSync(pattern).sort();
  if (matches.length === 0) throw new CommandError(`the path ${JSON.stringify(pattern)} does not exist`);
  return matches;
}

function filesOf(path: string, recursive: boolean): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) return recursive ? filesOf(inner, true) : [];
    return EXTENSIONS.includes(extname(entry.name)) ? [inner] : [];
  });
}

async function readUrl(url: string, io: IO): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    let failure: unknown;
    try {
      const response = await fetch(url);
      if (response.status === 200) return await response.text();
      const status = `${response.status} ${STATUS_CODES[response.status] ?? response.statusText}`;
      failure = new CommandError(`unable to read URL ${JSON.stringify(url)}, server reported ${status}, status code=${response.status}`);
      if (response.status < 500) throw failure;
    } catch (error) {
      if (error === failure) throw error;
      failure = connectionError("GET", url, (error as Error).cause ?? error);
    }
    if (attempt === URL_ATTEMPTS) throw failure;
    await io.clock.sleep(1000, io.signal);
  }
}

/** Text of a file: UTF-16 with a byte order mark, else UTF-8. */
function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString("utf16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return bytes.subarray(2).swap16().toString("utf16le");
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}
