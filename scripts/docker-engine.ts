// Finds a Docker engine, or, as root on Debian and Ubuntu, installs and starts one after saying so.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** No engine answers and none can be started here; the message says what to install. */
export class NoDockerEngineError extends Error {
  override readonly name = "NoDockerEngineError";
}

const ENGINE_LOG = "/var/log/dockerd-skiff.log";
const PACKAGES = ["docker.io", "iptables", "nftables", "busybox-static"];

/** Resolves when an engine answers; `say` is told of every step that changes the machine. Throws a NoDockerEngineError. */
export async function ensureDockerEngine(say: (line: string) => void): Promise<void> {
  if (engineAnswers()) return;
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !isDebian()) {
    throw new NoDockerEngineError("No Docker engine answers: install Docker (Docker Engine, Docker Desktop or OrbStack), start it, and run this again.");
  }
  if (findProgram("dockerd") === undefined) {
    say(`No Docker engine on this machine: installing ${PACKAGES.join(", ")} with apt-get.`);
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", ...PACKAGES]);
  }
  if (engineAnswers()) return;
  say(`Starting the Docker engine in the background (its log: ${ENGINE_LOG}).`);
  startEngine();
  for (let attempt = 0; attempt < 120 && !engineAnswers(); attempt++) await sleep(250);
  if (!engineAnswers()) throw new NoDockerEngineError(`The Docker engine was started and does not answer; its log is ${ENGINE_LOG}.`);
}

/** Whether `docker` reaches an engine. */
export function engineAnswers(): boolean {
  return spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { stdio: "ignore" }).status === 0;
}

function startEngine(): void {
  if (existsSync("/run/systemd/system") && spawnSync("systemctl", ["start", "docker"], { stdio: "ignore" }).status === 0) return;
  mkdirSync("/var/log", { recursive: true });
  const log = openSync(ENGINE_LOG, "a");
  spawn(findProgram("dockerd") ?? "dockerd", [], { detached: true, stdio: ["ignore", log, log] }).unref();
}

function isDebian(): boolean {
  if (!existsSync("/etc/os-release") || findProgram("apt-get") === undefined) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** The path of a program; apt puts some where a plain user's PATH does not look. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

function run(command: string, args: string[]): void {
  const result = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  if (result.status !== 0) throw new NoDockerEngineError(`${command} ${args.join(" ")} failed: install Docker by hand, start it, and run this again.`);
}
