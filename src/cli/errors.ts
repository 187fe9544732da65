// Behaviour: k8s.io/kubectl/pkg/cmd/util/helpers.go: which words and exit code an error ends a command with.
import { StatusError } from "../api/errors.ts";
import { ConnectionError } from "../client/connection-error.ts";
import { InvalidConfigurationError } from "../client/kubeconfig-entries.ts";

/** A failure in kubectl's words; printed with "error: " before it unless it brings that itself. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** A command line that cannot be understood: its message is followed by where help is (cmdutil.UsageErrorf). */
export class UsageError extends CommandError {
  override readonly name = "UsageError";
}

/** A command line that cannot be understood: the command's help goes to standard output (cobra's Help before the error). */
export class HelpError extends CommandError {
  override readonly name = "HelpError";
}

/** A printer gave up in the middle: what it had written by then goes to standard output. */
export class PrintError extends CommandError {
  override readonly name = "PrintError";
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** Ends the command with an exit code; its message, when there is one, is printed as it stands. */
export class ExitError extends Error {
  override readonly name = "ExitError";
  readonly exitCode: number;

  constructor(exitCode: number, message = "") {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Nobody reads the output any more; the process then ends as SIGPIPE would end it. */
export class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}

/** Several failures of one command, each printed on a line of its own (utilerrors.Aggregate). */
export class ErrorList extends Error {
  override readonly name = "ErrorList";
  readonly errors: readonly unknown[];

  constructor(errors: readonly unknown[]) {
    super(errors.length === 1 ? messageOf(errors[0]) : `[${errors.map(messageOf).join(", ")}]`);
    this.errors = errors;
  }
}

/** The server has no such resource (meta.NoResourceMatchError). */
export class NoResourceMatchError extends Error {
  override readonly name = "NoResourceMatchError";
  readonly group: string;
  readonly version: string;
  readonly resource: string;

  constructor(partial: { group?: string; version?: string; resource: string }) {
    super(`no matches for ${partial.group ?? ""}/${partial.version ?? ""}, Resource=${partial.resource}`);
    this.group = partial.group ?? "";
    this.version = partial.version ?? "";
    this.resource = partial.resource;
  }
}

/** The server has no such kind (meta.NoKindMatchError). */
export class NoKindMatchError extends Error {
  override readonly name = "NoKindMatchError";

  constructor(kind: string, group: string, versions: readonly string[]) {
    super(versions.length === 0
      ? `no matches for kind "${kind}" in group "${group}"`
      : `no matches for kind "${kind}" in version${versions.length === 1 ? "" : "s"} ${versions.map((version) => `"${group === "" ? version : `${group}/${version}`}"`).join(", ")}`);
  }
}

/** How a command ends: what goes to standard error and the exit code. */
export interface Ending {
  readonly message: string;
  readonly exitCode: number;
}

/** Any thrown value's message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The words and exit code for an error that a command threw; `path` is the command's, e.g. "kubectl get". */
export function endingOf(error: unknown, path: string): Ending {
  if (error instanceof ExitError) return { message: lined(error.message), exitCode: error.exitCode };
  if (error instanceof UsageError) return { message: lined(`error: ${error.message}\nSee '${path} -h' for help and examples`), exitCode: 1 };
  return { message: lined(describeError(error)), exitCode: 1 };
}

/** An error in the words that end a command, without the line's end. */
export function describeError(error: unknown): string {
  // One level only: what is a list inside another is printed as a list, without "error: ".
  if (error instanceof ErrorList && error.errors.length === 1 && !(error.errors[0] instanceof ErrorList)) return describeError(error.errors[0]);
  if (error instanceof StatusError && error.reason === "Invalid") return describeInvalid(error);
  if (error instanceof NoResourceMatchError) return describeNoResource(error);
  if (error instanceof InvalidConfigurationError) return describeConfiguration(error);
  if (error instanceof ErrorList) return flatErrors(error).map(messageForError).join("\n");
  const message = standardMessage(error);
  if (message !== undefined) return message;
  return messageOf(error).startsWith("error: ") ? messageOf(error) : `error: ${messageOf(error)}`;
}

function flatErrors(list: ErrorList): unknown[] {
  return list.errors.flatMap((error) => (error instanceof ErrorList ? flatErrors(error) : [error]));
}

/** An error's words as part of a list of errors: no "error: " before plain ones (cmdutil.messageForError). */
export function messageForError(error: unknown): string {
  return standardMessage(error) ?? messageOf(error);
}

/** The message of an error that has one beyond its own text (cmdutil.StandardErrorMessage). */
export function standardMessage(error: unknown): string | undefined {
  if (error instanceof StatusError) {
    const { status } = error;
    if (status.reason === "Unauthorized") {
      return `error: You must be logged in to the server (${status.message ?? "Unauthorized"})`;
    }
    const message = status.message ?? "";
    return status.reason === undefined || status.reason === ""
      ? `Error from server: ${message}`
      : `Error from server (${status.reason}): ${message}`;
  }
  if (error instanceof ConnectionError) return error.kubectlMessage;
  return undefined;
}

function describeInvalid(error: StatusError): string {
  const { details, message = "" } = error.status;
  const plain = "The request is invalid";
  if (details === undefined) return message === "" ? plain : `${plain}: ${message}`;
  const causes = details.causes ?? [];
  const { kind = "", name = "" } = details;
  let start = plain;
  if (kind !== "" || name !== "") start = `The ${kind} ${JSON.stringify(name)} is invalid`;
  else if (message !== "" && causes.length === 0) start = `${plain}: ${message}`;
  if (causes.length === 0) return start;
  const lines = [...new Set(causes.map((cause) => `${cause.field ?? ""}: ${cause.message ?? ""}`))];
  return multilineError(`${start}: `, lines);
}

/** One problem stands for itself, unless it is the context's. */
function describeConfiguration({ problems }: InvalidConfigurationError): string {
  const [only = ""] = problems;
  return problems.length === 1 && !only.startsWith("context was not found") ? `error: ${only}` : multilineError("Error in configuration: ", problems);
}

/** One line behind the prefix, or a bullet each below it (cmdutil.MultilineError). */
export function multilineError(prefix: string, lines: readonly string[]): string {
  return lines.length === 1 ? `${prefix}${lines[0]}` : [prefix, ...lines.map((line) => `* ${line}`)].join("\n");
}

function describeNoResource({ group, version, resource }: NoResourceMatchError): string {
  const what = `the server doesn't have a resource type ${JSON.stringify(resource)}`;
  const where = [group !== "" && `group ${JSON.stringify(group)}`, version !== "" && `version ${JSON.stringify(version)}`];
  const parts = where.filter((part) => part !== false);
  return parts.length === 0 ? what : `${what} in ${parts.join(" and ")}`;
}

function lined(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
