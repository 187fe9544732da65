// Every call of the docker CLI goes through here: one seam to test against, one place that reads its complaints.
import { Limiter } from "../util/limiter.ts";
import type { ProcessOptions, ProcessResult, RunProcess } from "../util/process.ts";

/** Docker refused; the message is the engine's own, without the CLI's dressing. */
export class DockerError extends Error {
  override readonly name = "DockerError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The docker CLI. */
export interface Docker {
  /** Runs a command and returns its standard output; throws a DockerError when it fails. */
  run(args: readonly string[], options?: ProcessOptions): Promise<string>;
  /** Runs a command whose exit code means something. */
  call(args: readonly string[], options?: ProcessOptions): Promise<ProcessResult>;
  /** As `run`, for what starts containers: few at a time, since the engine gets slower by more. */
  start(args: readonly string[], options?: ProcessOptions): Promise<string>;
}

/** How many containers are started at a time. */
const STARTS = 8;

/** The docker CLI as `command` in the PATH, run by `runProcess`. */
export function dockerCli(runProcess: RunProcess, command = "docker"): Docker {
  const starts = new Limiter(STARTS);
  const call = (args: readonly string[], options?: ProcessOptions) => runProcess(command, args, options);
  const run = async (args: readonly string[], options?: ProcessOptions) => {
    const result = await call(args, options);
    if (result.exitCode !== 0) throw new DockerError(dockerComplaint(result.stderr), result.exitCode);
    return result.stdout;
  };
  return { call, run, start: (args, options) => starts.run(() => run(args, options)) };
}

/** The engine's sentence out of what the CLI wrote to standard error. */
export function dockerComplaint(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("WARNING:") && !/^(See 'docker|Run 'docker)/.test(line));
  const engine = lines.find((line) => line.includes("Error response from daemon: "));
  if (engine === undefined) return lines.join(" ").replace(/^docker: /, "").trim();
  return engine.slice(engine.indexOf("Error response from daemon: ") + "Error response from daemon: ".length).replace(/(?<!\.)\.$/, "").trim();
}
