// Behaviour: pkg/volume/util/atomic_writer.go: a whole set of files changes at once, by the rename of one link.
import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** One file of a volume. */
export interface VolumeFile {
  readonly content: Uint8Array;
  readonly mode: number;
}

/** Files by their path inside the volume. */
export type Payload = ReadonlyMap<string, VolumeFile>;

const DATA = "..data";

/** Writes `payload` into `folder` unless it is there already; resolves with whether anything changed. `stamp` names the new version. */
export async function writeAtomically(folder: string, payload: Payload, stamp: string, fsGroup?: number): Promise<boolean> {
  const previous = await readlink(join(folder, DATA)).catch(() => undefined);
  if (previous !== undefined && (await sameContent(join(folder, previous), payload))) return false;
  const version = `..${stamp}`;
  for (const [path, file] of payload) {
    const target = join(folder, version, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, file.content);
    await chmod(target, fsGroup === undefined ? file.mode : file.mode | 0o440);
    // Only root can give files away; without it they stay the daemon's, readable as their mode says.
    if (fsGroup !== undefined) await chown(target, -1, fsGroup).catch(() => {});
  }
  await mkdir(join(folder, version), { recursive: true });
  await chmod(join(folder, version), 0o755);
  await symlink(version, join(folder, `${DATA}_tmp`));
  await rename(join(folder, `${DATA}_tmp`), join(folder, DATA));
  await linkUserFiles(folder, payload);
  if (previous !== undefined) await rm(join(folder, previous), { recursive: true, force: true });
  return true;
}

/** The names that users see link into the current version. */
async function linkUserFiles(folder: string, payload: Payload): Promise<void> {
  const wanted = new Set([...payload.keys()].map((path) => path.split("/")[0] ?? path));
  for (const name of await readdir(folder)) if (!name.startsWith("..") && !wanted.has(name)) await rm(join(folder, name), { force: true, recursive: true });
  for (const name of wanted) {
    const link = join(folder, name);
    const present = await lstat(link).then(() => true, () => false);
    if (!present) await symlink(join(DATA, name), link);
  }
}

async function sameContent(folder: string, payload: Payload): Promise<boolean> {
  try {
    const present = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    if (present.length !== payload.size) return false;
    for (const [path, file] of payload) if (!(await readFile(join(folder, path))).equals(file.content)) return false;
    return true;
  } catch {
    return false;
  }
}
