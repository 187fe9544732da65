// Behaviour: k8s.io/kubectl/pkg/cmd/attach/attach.go (Run): connects this process's streams to a container's.
import { Transform, type Readable } from "node:stream";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { pods } from "../../api/resource-refs.ts";
import type { RemoteStreams } from "../../client/remote-command.ts";
import { resourcePath } from "../../client/resource-path.ts";
import { CommandError, messageOf } from "../errors.ts";
import { repeatedQuery } from "../exec/pod-choice.ts";
import { processStreams, runStreams, usesTerminal } from "../exec/streams.ts";
import type { Factory } from "../factory.ts";
import { chooseContainer } from "../pod-containers.ts";

/** What is attached to, and how. */
export interface AttachOptions {
  readonly factory: Factory;
  readonly pod: Pod;
  readonly container: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
  readonly detachKeys: string;
}

/** Attaches until the process or the session ends. */
export async function attachTo({ factory, pod, container, stdin, tty, quiet, detachKeys }: AttachOptions): Promise<void> {
  const { io } = factory;
  const name = chosen();
  const hasTerminal = containerOf(pod, name)?.tty === true;
  if (tty && !hasTerminal && !quiet) io.err(`error: Unable to use a TTY - container ${name} did not allocate one\n`);
  const terminal = usesTerminal({ stdin, tty: hasTerminal, quiet }, io);
  if (!quiet) {
    io.err(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    );
  }
  const query = repeatedQuery([["container", name], ["stdin", stdin], ["stdout", true], ["stderr", !terminal], ["tty", terminal]]);
  const { namespace = "", name: podName = "" } = pod.metadata;
  const { streams, restore } = processStreams(stdin, terminal, io);
  try {
    const connected = terminal ? withDetachKeys(streams, detachKeys) : streams;
    await runStreams(await factory.transport(), `${resourcePath(pods, namespace, podName, "attach")}?${query}`, connected, io);
  } finally {
    restore();
  }
  if (!quiet && stdin && terminal) io.out(`${sessionEnd(pod, name)}\n`);

  function chosen(): string {
    try {
      return chooseContainer(pod, container, io, quiet);
    } catch (error) {
      throw new CommandError(`cannot attach to the container: ${messageOf(error)}`);
    }
  }
}

function containerOf({ spec }: Pod, name: string) {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].find((container) => container.name === name);
}

function sessionEnd(pod: Pod, container: string): string {
  const command = `'kubectl attach ${pod.metadata.name} -c ${container} -n ${pod.metadata.namespace} -i -t'`;
  const ephemeral = pod.spec.ephemeralContainers?.some(({ name }) => name === container) === true;
  return ephemeral
    ? `Session ended, the ephemeral container will not be restarted but may be reattached using ${command} if it is still running`
    : `Session ended, resume using ${command} command`;
}

/** The input ends at the detach keys, which are not passed on. */
function withDetachKeys(streams: RemoteStreams, text: string): RemoteStreams {
  const keys = Buffer.from(text.split(",").map(keyCode));
  const { stdin } = streams;
  if (stdin === undefined || keys.length === 0) return streams;
  let matched = 0;
  const detached: Readable = stdin.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const passed: number[] = [];
        for (const byte of chunk) {
          if (byte === keys[matched]) {
            matched += 1;
            if (matched < keys.length) continue;
            if (passed.length > 0) this.push(Buffer.from(passed));
            this.push(null);
            return done();
          }
          passed.push(...keys.subarray(0, matched), byte);
          matched = 0;
        }
        done(null, passed.length > 0 ? Buffer.from(passed) : undefined);
      },
    }),
  );
  return { ...streams, stdin: detached };
}

/** "ctrl-p" is 16, a letter is itself. */
function keyCode(key: string): number {
  const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key)?.[1];
  const code = (control ?? key).toUpperCase().charCodeAt(0);
  if (control !== undefined) return code & 31;
  if (key.length !== 1) throw new CommandError(`could not bind detach keys: Unknown character: '${key}'`);
  return key.charCodeAt(0);
}
