// Makes small images without a registry: a busybox userland packed with `docker import`.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProgram } from "./docker-engine.ts";

/** An image to make: its name, what it runs, and files beside the userland (path -> text). */
export interface ImageRecipe {
  readonly name: string;
  readonly command: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly changes?: readonly string[];
}

/** Labels the images that we made, so that they can be found and removed. */
export const IMAGE_LABEL = "dev.skiff.made-for";

/** The image of a web server that answers every request on 8080 with `greeting`. */
export function helloImage(tag: string, greeting: string): ImageRecipe {
  return {
    name: `hello-kubernetes:${tag}`,
    // As process 1 httpd would not hear SIGTERM; the shell does, and ends at once.
    command: ["sh", "-c", "trap exit TERM; httpd -f -p 8080 -h /www & wait"],
    files: { "www/index.html": `${greeting}\n` },
    changes: ["EXPOSE 8080"],
  };
}

/** The plain userland under the name that tests use. */
export const busyboxImage: ImageRecipe = { name: "busybox:1.36", command: ["sh"] };

/** Makes the image unless it is there; `purpose` goes into its label. */
export function ensureImage(recipe: ImageRecipe, purpose: string): void {
  if (imageExists(recipe.name)) return;
  const folder = mkdtempSync(join(tmpdir(), "skiff-image-"));
  try {
    const root = join(folder, "root");
    makeUserland(root, folder);
    for (const [path, text] of Object.entries(recipe.files ?? {})) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    importImage(root, recipe, purpose);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether the engine has an image. */
export function imageExists(name: string): boolean {
  return spawnSync("docker", ["image", "inspect", name], { stdio: "ignore" }).status === 0;
}

/** Makes an image of the files below `root`. */
export function importImage(root: string, recipe: Omit<ImageRecipe, "files">, purpose: string): void {
  const changes = [`CMD ${JSON.stringify(recipe.command)}`, "ENV PATH=/bin:/usr/bin:/sbin", `LABEL ${IMAGE_LABEL}=${purpose}`, ...(recipe.changes ?? [])];
  const archive = `${root}.tar`;
  must("tar", ["-C", root, "-cf", archive, "."]);
  must("docker", ["import", ...changes.flatMap((change) => ["--change", change]), archive, recipe.name]);
  rmSync(archive);
}

/** Fills `root` from the local static busybox, or else from the registry's busybox image. */
function makeUserland(root: string, scratch: string): void {
  for (const path of ["bin", "etc", "tmp", "root", "proc", "sys", "dev", "var/run", "usr/bin"]) mkdirSync(join(root, path), { recursive: true });
  chmodSync(join(root, "tmp"), 0o1777);
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
  writeFileSync(join(root, "etc/group"), "root:x:0:\nnogroup:x:65534:\n");
  const busybox = staticBusybox() ?? installBusybox() ?? pulledBusybox(scratch);
  copyFileSync(busybox, join(root, "bin/busybox"));
  chmodSync(join(root, "bin/busybox"), 0o755);
  const applets = process.platform === "linux" ? must(busybox, ["--list"]).split("\n") : must("docker", ["run", "--rm", "busybox", "busybox", "--list"]).split("\n");
  for (const applet of applets) if (applet !== "" && applet !== "busybox" && !existsSync(join(root, "bin", applet))) symlinkSync("busybox", join(root, "bin", applet));
}

function staticBusybox(): string | undefined {
  const path = findProgram("busybox");
  if (path === undefined || process.platform !== "linux") return undefined;
  // A dynamic program names its loader in its first page; a static one runs alone in an image.
  return readFileSync(path).subarray(0, 4096).includes("ld-linux") || readFileSync(path).subarray(0, 4096).includes("ld-musl") ? undefined : path;
}

function installBusybox(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || findProgram("apt-get") === undefined) return undefined;
  spawnSync("apt-get", ["install", "-y", "-qq", "busybox-static"], { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  return staticBusybox();
}

function pulledBusybox(scratch: string): string {
  must("docker", ["pull", "-q", "busybox"]);
  const container = must("docker", ["create", "busybox"]).trim();
  must("docker", ["cp", "-L", `${container}:/bin/busybox`, join(scratch, "busybox")]);
  must("docker", ["rm", container]);
  return join(scratch, "busybox");
}

/** Runs a command and returns what it printed; throws an Error with what it complained of. */
function must(command: string, args: readonly string[]): string {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${(result.stderr || result.error?.message) ?? "failed"}`.trim());
  return result.stdout;
}
