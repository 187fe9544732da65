// The same words given to the real kubectl and to skiff, against one API server in this process; what they print is compared whole.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { listen, type Listener } from "../../src/apiserver/listener/listener.ts";
import { makeFactory } from "../../src/cli/client-factory.ts";
import { BrokenPipe } from "../../src/cli/errors.ts";
import type { IO } from "../../src/cli/io.ts";
import { runProgram } from "../../src/cli/program.ts";
import type { ApiClient } from "../../src/client/client.ts";
import { createBootstrapObjects } from "../../src/daemon/bootstrap.ts";
import { ADMINISTRATOR, createControlPlane } from "../../src/daemon/control-plane.ts";
import { createServiceAccountTokens } from "../../src/daemon/service-account-tokens.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { systemClock } from "../../src/util/clock.ts";
import { randomIds } from "../../src/util/ids.ts";
import { silentLogger } from "../../src/util/logger.ts";
import { type CommandResult, runCommand } from "../fixtures/cluster.ts";
import { kubectlPath } from "../fixtures/kubectl.ts";

/** How one command line is run. */
export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Stops a command that does not end by itself, such as a watch. */
  readonly signal?: AbortSignal;
}

/** An API server and both programs. */
export interface Bench {
  readonly client: ApiClient;
  readonly server: string;
  readonly folder: string;
  skiff(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  kubectl(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Runs both; the results have ages, times and other things that differ from run to run replaced. */
  both(args: readonly string[], options?: RunOptions): Promise<{ skiff: CommandResult; kubectl: CommandResult }>;
  /** Writes a manifest and returns its path. */
  file(name: string, text: string): string;
  close(): Promise<void>;
}

/** Starts an API server in this process. */
export async function startBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "skiff-differential-"));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tokens = createServiceAccountTokens(privateKey.export({ type: "pkcs8", format: "pem" }).toString(), systemClock, randomIds);
  const context = { clock: systemClock, ids: randomIds, logger: silentLogger };
  const plane = createControlPlane({ ...context, store: createMemoryStore(), tokens, nodeConnections: () => undefined, serverAddress: "127.0.0.1:0" });
  const client = plane.clientOf("differential");
  await createBootstrapObjects(client, plane.resourceOf);
  const listener: Listener = await listen(plane.server, { at: { host: "127.0.0.1", port: 0 }, user: ADMINISTRATOR, clock: systemClock, logger: silentLogger });
  const server = `http://127.0.0.1:${listener.port}`;
  const kubeconfig = join(folder, "config");
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(server)));
  const env = { HOME: folder, KUBECONFIG: kubeconfig, TZ: "UTC" };
  const bench: Bench = {
    client,
    server,
    folder,
    skiff: (args, options = {}) => runSkiff(args, { ...options, env: { ...env, ...options.env } }),
    kubectl: (args, options = {}) => runCommand(kubectlPath(), args, { ...env, ...options.env }, options.stdin),
    async both(args, options) {
      const [skiff, kubectl] = await Promise.all([bench.skiff(args, options), bench.kubectl(args, options)]);
      return { skiff: normalized(skiff), kubectl: normalized(kubectl) };
    },
    file(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    async close() {
      await listener.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

function kubeconfigOf(server: string) {
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "bench",
    clusters: [{ name: "bench", cluster: { server } }],
    users: [{ name: "bench", user: {} }],
    contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
  };
}

/** Runs skiff under the name kubectl in this process, its output caught. */
export async function runSkiff(args: readonly string[], { stdin = "", env = {}, signal = new AbortController().signal }: RunOptions): Promise<CommandResult> {
  const output = { stdout: "", stderr: "" };
  const decode = (text: string | Uint8Array) => (typeof text === "string" ? text : Buffer.from(text).toString("utf8"));
  const io: IO = {
    env,
    out: (text) => void (output.stdout += decode(text)),
    err: (text) => void (output.stderr += decode(text)),
    stdin: Readable.from([stdin]),
    terminals: { stdin: false, stdout: false, stderr: false },
    terminalSize: () => undefined,
    signal,
    clock: systemClock,
    ids: randomIds,
  };
  try {
    return { code: await runProgram(args, { io, program: "kubectl", makeFactory }), ...output };
  } catch (error) {
    if (error instanceof BrokenPipe) return { code: 141, ...output };
    throw error;
  }
}

/** What differs from one moment to the next, replaced: ages, times, the padding that goes with them. */
export function normalized({ code, stdout, stderr }: CommandResult): CommandResult {
  return { code, stdout: normalize(stdout), stderr: normalize(stderr) };
}

function normalize(text: string): string {
  return text
    .replaceAll(/^E\d{4} .*\n/gm, "")
    .replaceAll(/\b(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?\d+s\b( +)?/g, (_, padding: string | undefined) => (padding === undefined ? "<AGE>" : "<AGE> "));
}
