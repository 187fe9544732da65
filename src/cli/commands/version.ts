// Behaviour: k8s.io/kubectl/pkg/cmd/version/version.go.
import { requestBody } from "../../client/rest-client.ts";
import { defineCommand } from "../command.ts";
import { CommandError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { boolFlag, stringFlag } from "../flags.ts";
import type { IO } from "../io.ts";
import { formatYaml } from "../printers/yaml.ts";
import { clientVersion } from "../version.ts";

interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
}

interface VersionOptions {
  readonly factory: Factory;
  readonly args: readonly string[];
  readonly clientOnly: boolean;
  readonly output: string;
}

/** How many minor versions client and server may be apart. */
const SUPPORTED_SKEW = 1;

export default defineCommand({
  use: "version [flags]",
  summary: "Print the client and server version information",
  examples: `
    # The versions of client and server
    kubectl version`,
  flags: {
    client: boolFlag("Show the client's version only; no server is needed."),
    output: stringFlag("One of 'yaml' or 'json'.", { shorthand: "o" }),
  },
  toOptions: (factory, args, { values }): VersionOptions => ({ factory, args, clientOnly: values.client, output: values.output }),
  validate({ args, output }) {
    if (args.length > 0) throw new CommandError(`extra arguments: [${args.join(" ")}]`);
    if (!["", "yaml", "json"].includes(output)) throw new CommandError("--output must be 'yaml' or 'json'");
  },
  run: printVersions,
});

async function printVersions({ factory, clientOnly, output }: VersionOptions, io: IO): Promise<void> {
  let server: VersionInfo | undefined;
  let failure: unknown;
  try {
    if (!clientOnly) server = await requestBody<VersionInfo>(await factory.transport(), { method: "GET", path: "/version?timeout=32s" });
  } catch (error) {
    failure = error;
  }
  const all = { clientVersion: clientVersion.info, kustomizeVersion: clientVersion.kustomize, ...(server !== undefined && { serverVersion: server }) };
  if (output === "json") io.out(`${JSON.stringify(all, undefined, 2)}\n`);
  else if (output === "yaml") io.out(`${formatYaml(all)}\n`);
  else {
    io.out(`Client Version: ${clientVersion.info.gitVersion}\nKustomize Version: ${clientVersion.kustomize}\n`);
    if (server !== undefined) io.out(`Server Version: ${server.gitVersion}\n`);
  }
  if (failure !== undefined) throw failure;
  const warning = server === undefined ? undefined : skewWarning(server);
  if (warning === undefined) return;
  if (factory.globals["warnings-as-errors"]) throw new CommandError(warning);
  io.err(`Warning: ${warning}\n`);
}

function skewWarning(server: VersionInfo): string | undefined {
  const [client, other] = [clientVersion.info.gitVersion, server.gitVersion].map((version) => /^v?(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number));
  const [clientMajor = 0, clientMinor = 0] = client ?? [];
  const [serverMajor = 0, serverMinor = 0] = other ?? [];
  if (clientMajor === serverMajor && Math.abs(clientMinor - serverMinor) <= SUPPORTED_SKEW) return undefined;
  return `version difference between client (${clientMajor}.${clientMinor}) and server (${serverMajor}.${serverMinor}) exceeds the supported minor version skew of +/-${SUPPORTED_SKEW}`;
}
