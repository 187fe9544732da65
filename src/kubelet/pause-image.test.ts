import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exitOf, runProcess } from "../util/process.ts";
import { pauseProgram, tarOf } from "./pause-image.ts";

const here: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

it.runIf(process.platform === "linux" && here[process.arch] !== undefined)("waits, and ends well on SIGTERM", async () => {
  const folder = mkdtempSync(join(tmpdir(), "skiff-pause-"));
  try {
    const path = join(folder, "pause");
    writeFileSync(path, pauseProgram(here[process.arch] ?? ""));
    chmodSync(path, 0o755);
    const child = spawn(path, { stdio: "ignore" });
    const ended = exitOf(child);
    // It has its signals blocked as soon as it sleeps in the wait for them.
    await expect.poll(async () => (await runProcess("cat", [`/proc/${child.pid}/stat`])).stdout.split(" ")[2]).toBe("S");
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("is tiny on every architecture, and refuses others", () => {
  expect([pauseProgram("amd64").length < 1024, pauseProgram("arm64").length < 1024]).toEqual([true, true]);
  expect(() => pauseProgram("s390x")).toThrow('no pause program for the architecture "s390x"');
});

it("packs an archive that tar reads", async () => {
  const listed = await runProcess("tar", ["-tvf", "-"], { input: tarOf("pause", pauseProgram("amd64")) });
  expect(listed.stdout).toMatch(/^-rwxr-xr-x 0\/0 +\d+ 1970-01-01 .* pause\n$/);
});
