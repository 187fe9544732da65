// A docker command on a terminal of its own. Node has no pseudo-terminals; util-linux's (or BSD's) `script` makes one, and
// `stty` on its device changes its size. Where `script` is missing the command runs without a terminal.
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runProcess } from "../util/process.ts";

/** Whether programs can be given a terminal on this machine. */
export function hasPseudoTerminals(path = process.env["PATH"] ?? ""): boolean {
  const found = (name: string) =>
    path.split(delimiter).some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  return found("script") && found("stty");
}

/** Writes one argument so that a shell reads it back as it was. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command that has a terminal, and the handle to change its size. */
export interface TerminalCommand {
  readonly command: string;
  readonly args: readonly string[];
  resize(size: { width: number; height: number }): Promise<void>;
  /** Removes what the command needed beside itself. */
  dispose(): Promise<void>;
}

/** The command that runs `command` on a new terminal of that size. */
export async function onTerminal(command: string, args: readonly string[], size: { width: number; height: number } | undefined, platform: NodeJS.Platform = process.platform): Promise<TerminalCommand> {
  const folder = await mkdtemp(join(tmpdir(), "skiff-tty-"));
  const device = join(folder, "device");
  // Raw from the start: what is typed before the program is ready must not be echoed twice.
  const settings = ["raw", "-echo", ...(size === undefined ? [] : ["rows", String(size.height), "cols", String(size.width)])];
  const line = `tty > ${shellQuote(device)}; stty ${settings.join(" ")}; exec ${[command, ...args].map(shellQuote).join(" ")}`;
  const bsd = platform === "darwin" || platform === "freebsd";
  return {
    command: "script",
    args: bsd ? ["-q", "/dev/null", "/bin/sh", "-c", line] : ["--quiet", "--flush", "--return", "--command", line, "/dev/null"],
    async resize({ width, height }) {
      const path = (await readFile(device, "utf8").catch(() => "")).trim();
      if (path.startsWith("/dev/")) await runProcess("stty", [bsd ? "-f" : "-F", path, "rows", String(height), "cols", String(width)]);
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
