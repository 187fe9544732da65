// Behaviour: k8s.io/kubectl/pkg/cmd/cp/cp.go.
import { statSync } from "node:fs";
import { basename, posix } from "node:path";
import { PassThrough, Writable } from "node:stream";
import type { RemoteStreams } from "../../client/remote-command.ts";
import { pods } from "../../api/resource-refs.ts";
import { resourcePath } from "../../client/resource-path.ts";
import { defineCommand } from "../command.ts";
import { type FileSpec, readFileSpec } from "../cp/file-spec.ts";
import { CommandError, ExitError } from "../errors.ts";
import { repeatedQuery } from "../exec/pod-choice.ts";
import type { Factory } from "../factory.ts";
import { boolFlag, intFlag, stringFlag } from "../flags.ts";
import { chooseContainer } from "../pod-containers.ts";

interface CopyOptions {
  readonly factory: Factory;
  readonly args: readonly string[];
  readonly container: string;
  readonly noPreserve: boolean;
  readonly retries: number;
}

export default defineCommand({
  use: "cp <file-spec-src> <file-spec-dest>",
  summary: "Copy files and directories to and from containers",
  description: "The container must have the program tar. Links are not copied.",
  examples: `
    # To a pod
    kubectl cp report.txt web-0:/tmp/report.txt

    # From a pod of another namespace
    kubectl cp shop/web-0:/var/log logs -c web`,
  flags: {
    container: stringFlag("Container name. The default container, or the first, if omitted.", { shorthand: "c" }),
    "no-preserve": boolFlag("Do not keep owners and permissions in the container."),
    retries: intFlag("How often to begin anew where a copy from a container broke off; negative means without end."),
  },
  toOptions: (factory, args, { values }): CopyOptions => ({ factory, args, container: values.container, noPreserve: values["no-preserve"], retries: values.retries }),
  validate({ args }) {
    if (args.length !== 2) throw new CommandError("source and destination are required");
  },
  async run(options) {
    const [source, target] = options.args.map(readFileSpec);
    if (source === undefined || target === undefined) return;
    if (source.pod !== "" && target.pod !== "") throw new CommandError("one of src or dest must be a local file specification");
    if (source.path === "" || target.path === "") throw new CommandError("filepath can not be empty");
    if (source.pod !== "") return copyFrom(options, source, target.path);
    if (target.pod !== "") return copyTo(options, source.path, target);
    throw new CommandError("one of src or dest must be a remote file specification");
  },
});

async function copyTo(options: CopyOptions, source: string, target: FileSpec): Promise<void> {
  const { factory, noPreserve } = options;
  if (statSync(source, { throwIfNoEntry: false }) === undefined) throw new CommandError(`${source} doesn't exist in local filesystem`);
  const path = (await isFolder(options, target)) ? posix.join(target.path, basename(source)) : target.path;
  const { archive } = await import("../cp/archive.ts");
  const folder = posix.dirname(path);
  const command = ["tar", ...(noPreserve ? ["--no-same-permissions", "--no-same-owner"] : []), "-xmf", "-", "-C", folder];
  const { writableTo } = await import("../exec/streams.ts");
  const { io } = factory;
  await execute(options, target, command, { stdin: archive(source, path), stdout: writableTo((chunk) => io.out(chunk)), stderr: writableTo((chunk) => io.err(chunk)) });
}

async function isFolder(options: CopyOptions, target: FileSpec): Promise<boolean> {
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await execute(options, target, ["test", "-d", target.path], { stdout: nowhere(), stderr: nowhere() }, true);
    return true;
  } catch (error) {
    if (error instanceof ExitError) return false;
    throw error;
  }
}

async function copyFrom(options: CopyOptions, source: FileSpec, target: string): Promise<void> {
  const { factory, retries } = options;
  const { io } = factory;
  const [{ unpack }, { writableTo }] = await Promise.all([import("../cp/archive.ts"), import("../exec/streams.ts")]);
  const stream = new PassThrough();
  let received = 0;
  const read = async (): Promise<void> => {
    const escaped = source.path.replaceAll("'", String.raw`'\''`);
    const command = retries === 0 ? ["tar", "cf", "-", source.path] : ["sh", "-c", `tar cf - '${escaped}' | tail -c+${received + 1}`];
    const stdout = new Writable({
      write(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        if (stream.write(chunk)) done();
        else stream.once("drain", () => done());
      },
    });
    await execute(options, source, command, { stdout, stderr: writableTo((chunk) => io.out(chunk)) });
  };
  const reading = (async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        await read();
        break;
      } catch (error) {
        if (retries === 0 || (retries > 0 && attempt > retries)) throw error;
        io.out(`Resuming copy at ${received} bytes, retry ${attempt}/${retries}\n`);
      }
    }
    stream.end();
  })().catch((error: unknown) => {
    stream.destroy(error as Error);
    throw error;
  });
  await Promise.all([reading, unpack(stream, source, target, io)]);
}

/** Runs a command in the container; throws an ExitError when it fails. */
async function execute({ factory, container }: CopyOptions, spec: FileSpec, command: readonly string[], streams: RemoteStreams, quiet = false): Promise<void> {
  const { io } = factory;
  const namespace = spec.namespace || (await factory.namespace()).name;
  const pod = await (await factory.client()).resource(pods, namespace).get(spec.pod);
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed") throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const name = container === "" ? chooseContainer(pod, "", io, quiet) : container;
  const query = repeatedQuery([
    ...command.map((word) => ["command", word] as const),
    ["container", name],
    ["stdin", streams.stdin !== undefined],
    ["stdout", true],
    ["stderr", true],
  ]);
  const { runStreams } = await import("../exec/streams.ts");
  await runStreams(await factory.transport(), `${resourcePath(pods, namespace, spec.pod, "exec")}?${query}`, streams, io);
}
