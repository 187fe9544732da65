// Behaviour: k8s.io/kubectl/pkg/cmd/cp/cp.go (makeTar, untarAll): files as an archive, and back.
import { createReadStream, createWriteStream, globSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { basename, dirname, join, posix, relative, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Pack, extract, pack } from "tar-stream";
import { CommandError } from "../errors.ts";
import type { IO } from "../io.ts";

/** Archives a file or folder under the name that it gets in the pod. */
export function archive(source: string, target: string): Readable {
  const stream = pack();
  const clean = resolve(source);
  void addAll(stream, dirname(clean), basename(clean), posix.basename(target)).then(
    () => stream.finalize(),
    (error: unknown) => stream.destroy(error as Error),
  );
  return stream as unknown as Readable;
}

async function addAll(stream: Pack, folder: string, file: string, name: string): Promise<void> {
  const pattern = join(folder, file);
  const found = lstatSync(pattern, { throwIfNoEntry: false }) === undefined ? globSync(pattern) : [pattern];
  for (const path of found) await add(stream, path, name);
}

async function add(stream: Pack, path: string, name: string): Promise<void> {
  const stat = lstatSync(path);
  const header = { name, mode: stat.mode & 0o7777, mtime: stat.mtime, uid: stat.uid, gid: stat.gid };
  if (stat.isDirectory()) {
    const entries = readdirSync(path).sort();
    if (entries.length === 0) stream.entry({ ...header, type: "directory" });
    for (const entry of entries) await add(stream, join(path, entry), posix.join(name, entry));
  } else if (stat.isSymbolicLink()) stream.entry({ ...header, type: "symlink", linkname: readlinkSync(path) });
  else await pipeline(createReadStream(path), stream.entry({ ...header, size: stat.size }) as unknown as NodeJS.WritableStream);
}

/** Where an archive comes from, for the hint at links, which are not copied. */
export interface ArchiveOrigin {
  readonly namespace: string;
  readonly pod: string;
  readonly path: string;
}

/** Unpacks an archive of `origin.path` to a path here; what would land outside of it is left out. */
export async function unpack(stream: Readable, origin: ArchiveOrigin, target: string, io: IO): Promise<void> {
  const prefix = stripShortcuts(posix.normalize(origin.path.replace(/^\/+/, "")));
  const extracted = extract();
  const fed = pipeline(stream, extracted as unknown as NodeJS.WritableStream);
  fed.catch(() => {});
  let hinted = false;
  for await (const entry of extracted) {
    const { name, type, linkname } = entry.header;
    const clean = name.replace(/\/$/, "");
    if (!clean.startsWith(prefix)) throw new CommandError("tar contents corrupted");
    const path = join(target, clean.slice(prefix.length));
    if (relative(target, path).startsWith("..")) {
      io.err(`warning: file ${JSON.stringify(path)} is outside target destination, skipping\n`);
      entry.resume();
      continue;
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    if (type === "directory") {
      mkdirSync(path, { recursive: true, mode: 0o755 });
      entry.resume();
    } else if (type === "symlink") {
      const hint = hinted ? "" : ` (consider using "kubectl exec -n ${JSON.stringify(origin.namespace)} ${JSON.stringify(origin.pod)} -- tar cf - ${JSON.stringify(origin.path)} | tar xf -")`;
      io.err(`warning: skipping symlink: ${JSON.stringify(path)} -> ${JSON.stringify(linkname)}${hint}\n`);
      hinted = true;
      entry.resume();
    } else await pipeline(entry as unknown as Readable, createWriteStream(path));
  }
  await fed;
}

function stripShortcuts(path: string): string {
  const stripped = path.replace(/^(?:\.\.\/)+/, "");
  return stripped === "." || stripped === ".." ? "" : stripped.replace(/^\/+/, "");
}
