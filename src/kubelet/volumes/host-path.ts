// Behaviour: pkg/volume/hostpath.
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { HostPathVolumeSource } from "../../api/generated/types/core/v1.ts";

/** Checks, or makes, what a hostPath volume names. Throws an Error in upstream's words. */
export async function prepareHostPath({ path, type = "" }: HostPathVolumeSource): Promise<void> {
  if (type === "") return;
  const found = await stat(path).catch(() => undefined);
  const fail = (what: string): never => {
    throw new Error(`hostPath type check failed: ${path} is not ${what}`);
  };
  switch (type) {
    case "DirectoryOrCreate":
      if (found === undefined) await mkdir(path, { recursive: true, mode: 0o755 });
      else if (!found.isDirectory()) fail("a directory");
      return;
    case "Directory":
      if (found?.isDirectory() !== true) fail("a directory");
      return;
    case "FileOrCreate":
      if (found !== undefined) {
        if (!found.isFile()) fail("a file");
        return;
      }
      if ((await stat(dirname(path)).catch(() => undefined)) === undefined) throw new Error(`hostPath type check failed: open ${path}: no such file or directory`);
      await writeFile(path, "", { mode: 0o644 });
      return;
    case "File":
      if (found?.isFile() !== true) fail("a file");
      return;
    case "Socket":
      if (found?.isSocket() !== true) fail("a socket file");
      return;
    case "CharDevice":
      if (found?.isCharacterDevice() !== true) fail("a character device");
      return;
    case "BlockDevice":
      if (found?.isBlockDevice() !== true) fail("a block device");
      return;
    default:
      throw new Error(`hostPath type check failed: ${type} is an invalid volume type`);
  }
}
