// Behaviour: k8s.io/cli-runtime/pkg/genericclioptions/config_flags.go, with skiff's own rule for which server is meant: under
// the name skiff the local cluster over its socket, unless a flag says otherwise; under the name kubectl what kubeconfig says.
import { homedir } from "node:os";
import { join } from "node:path";
import { CachedDiscovery } from "../client/cached-discovery.ts";
import type { ApiClient } from "../client/client.ts";
import type { ClusterPaths } from "../client/cluster-paths.ts";
import { credentialsOf } from "../client/credentials.ts";
import { resourcesOf } from "../client/discovery.ts";
import { HttpTransport } from "../client/http-transport.ts";
import type { KubeconfigUser } from "../client/kubeconfig.ts";
import type { SelectedConfig } from "../client/kubeconfig-selection.ts";
import { createApiClient } from "../client/rest-client.ts";
import { chosenCluster, serverAddress, skiffCommand } from "./cluster/cluster-choice.ts";
import { CommandError } from "./errors.ts";
import type { Factory, NamespaceChoice } from "./factory.ts";
import type { GlobalFlags } from "./global-flags.ts";
import type { IO } from "./io.ts";
import type { FactorySetup } from "./program.ts";
import { RestMapper } from "./rest-mapper.ts";
import { WarningPrinter } from "./warning-printer.ts";

/** How the server is reached, and what is known of it before it is asked. */
interface Connection {
  readonly transport: HttpTransport;
  readonly server: string;
  readonly namespace: string;
  readonly cacheFolder: string;
}

/** Makes the factory of one command; nothing is read or opened before it is needed. */
export function makeFactory(setup: FactorySetup): ClientFactory {
  return new ClientFactory(setup);
}

class ClientFactory implements Factory {
  readonly io: IO;
  readonly program: Factory["program"];
  readonly commandPath: string;
  readonly globals: GlobalFlags;
  private readonly printer: WarningPrinter;
  private readonly local: ClusterPaths | undefined;
  private opened: Promise<Connection> | undefined;
  /** Nobody listened at the server's address. */
  private refused = false;
  private discovered: Promise<CachedDiscovery> | undefined;

  constructor({ io, program, commandPath, globals }: FactorySetup) {
    this.io = io;
    this.program = program;
    this.commandPath = commandPath;
    this.globals = globals;
    this.printer = new WarningPrinter(io);
    const elsewhere = globals.kubeconfig !== "" || globals.context !== "" || globals.server !== "";
    this.local = program === "skiff" && !elsewhere ? chosenCluster(io.env, globals.name) : undefined;
  }

  /** How many warnings the server sent. */
  get warnings(): number {
    return this.printer.count;
  }

  async namespace(): Promise<NamespaceChoice> {
    if (this.globals.namespace !== "") return { name: this.globals.namespace, explicit: true };
    return { name: (await this.connection()).namespace || "default", explicit: false };
  }

  async transport(): Promise<HttpTransport> {
    return (await this.connection()).transport;
  }

  async client(): Promise<ApiClient> {
    return createApiClient(await this.transport());
  }

  async serverAddress(): Promise<string> {
    return (await this.connection()).server;
  }

  discovery(): Promise<CachedDiscovery> {
    this.discovered ??= this.connection().then(({ transport, server, cacheFolder }) => new CachedDiscovery(transport, { folder: cacheFolder, server, clock: this.io.clock }));
    return this.discovered;
  }

  async mapper(): Promise<RestMapper> {
    const discovery = await this.discovery();
    return new RestMapper({
      resources: async () => resourcesOf(await discovery.groups(this.io.signal)),
      async refreshed() {
        if (discovery.fresh) return undefined;
        discovery.invalidate();
        return resourcesOf(await discovery.groups());
      },
    });
  }

  hint(): string | undefined {
    if (this.local === undefined || !this.refused) return undefined;
    return `The local cluster ${JSON.stringify(this.local.name)} is not running: start it with "${skiffCommand("up", this.local.name)}".`;
  }

  /** Closes the connection, if one was opened. */
  close(): void {
    this.opened?.then(({ transport }) => transport.close()).catch(() => {});
  }

  private connection(): Promise<Connection> {
    this.opened ??= this.local === undefined ? this.connectElsewhere() : this.connectLocally(this.local);
    return this.opened;
  }

  private async connectLocally(paths: ClusterPaths): Promise<Connection> {
    const server = serverAddress(paths) ?? "https://localhost";
    const selected: SelectedConfig = { contextName: "", namespace: "", clusterName: paths.name, userName: "", cluster: { server }, user: userOverrides(this.globals) };
    const credentials = credentialsOf(selected, this.io.clock, this.pluginHost());
    const transport = new HttpTransport({ server, socketPath: paths.socket, credentials, ...this.transportChoices() });
    return { transport, server, namespace: "", cacheFolder: this.globals["cache-dir"] || join(paths.folder, "cache") };
  }

  private async connectElsewhere(): Promise<Connection> {
    const { connectByKubeconfig } = await import("./kubeconfig-connection.ts");
    const { transport, server, namespace } = connectByKubeconfig(this.globals, this.io, userOverrides(this.globals), this.pluginHost(), this.transportChoices());
    const home = this.io.env["HOME"] || homedir();
    return { transport, server, namespace, cacheFolder: this.globals["cache-dir"] || this.io.env["KUBECACHEDIR"] || join(home, ".kube", "cache") };
  }

  private pluginHost() {
    return { env: this.io.env, isTerminal: this.io.terminals.stdin };
  }

  private transportChoices() {
    return { userAgent: `${this.program}/v1.36.2`, onWarning: (text: string) => this.printer.print(text), onRefusal: () => (this.refused = true), disableCompression: this.globals["disable-compression"] };
  }
}

/** What the flags say of who asks. */
function userOverrides(globals: GlobalFlags): KubeconfigUser {
  const extra: Record<string, string[]> = {};
  for (const pair of globals["as-user-extra"]) {
    const equals = pair.indexOf("=");
    if (equals === -1) throw new CommandError(`invalid value ${JSON.stringify(pair)} for --as-user-extra: key=value is expected`);
    (extra[pair.slice(0, equals)] ??= []).push(pair.slice(equals + 1));
  }
  return {
    ...(globals.as !== "" && { as: globals.as }),
    ...(globals["as-uid"] !== "" && { "as-uid": globals["as-uid"] }),
    ...(globals["as-group"].length > 0 && { "as-groups": [...globals["as-group"]] }),
    ...(Object.keys(extra).length > 0 && { "as-user-extra": extra }),
    ...(globals.token !== "" && { token: globals.token }),
    ...(globals.username !== "" && { username: globals.username }),
    ...(globals.password !== "" && { password: globals.password }),
    ...(globals["client-certificate"] !== "" && { "client-certificate": globals["client-certificate"] }),
    ...(globals["client-key"] !== "" && { "client-key": globals["client-key"] }),
  };
}
