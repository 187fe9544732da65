// Behaviour: k8s.io/client-go/discovery/cached/disk, with one file a server: a command seldom has to ask.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Clock } from "../util/clock.ts";
import { type DiscoveredGroup, discover } from "./discovery.ts";
import type { Transport } from "./transport.ts";

/** What was asked longer ago is asked again. */
const LIFETIME_MS = 6 * 3_600_000;

/** Where discovery is kept, and how old it is. */
export interface DiscoveryCacheOptions {
  /** The folder of all caches, e.g. ~/.kube/cache. */
  readonly folder: string;
  /** The server's address, which names the file. */
  readonly server: string;
  readonly clock: Clock;
}

/** Discovery that remembers over processes. A cache that cannot be read or written is none. */
export class CachedDiscovery {
  private readonly transport: Transport;
  private readonly clock: Clock;
  private readonly path: string;
  private known: Promise<DiscoveredGroup[]> | undefined;
  /** Whether what is known was asked by this process: asking again would bring nothing new. */
  fresh = false;

  constructor(transport: Transport, { folder, server, clock }: DiscoveryCacheOptions) {
    this.transport = transport;
    this.clock = clock;
    const host = server.replace(/^https?:\/\//, "").replaceAll(/[^\w/.]/g, "_");
    this.path = join(folder, "discovery", host, "skiff-groups.json");
  }

  groups(signal?: AbortSignal): Promise<DiscoveredGroup[]> {
    this.known ??= this.readOrAsk(signal).catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  /** Forgets what is known, here and on disk. */
  invalidate(): void {
    this.known = undefined;
    this.fresh = false;
    rmSync(this.path, { force: true });
  }

  private async readOrAsk(signal: AbortSignal | undefined): Promise<DiscoveredGroup[]> {
    const kept = this.read();
    if (kept !== undefined) return kept;
    const groups = await discover(this.transport, signal);
    this.fresh = true;
    if (groups.every((group) => group.versions.every(({ failure }) => failure === undefined))) this.write(groups);
    return groups;
  }

  private read(): DiscoveredGroup[] | undefined {
    try {
      if (this.clock.now() - statSync(this.path).mtimeMs > LIFETIME_MS) return undefined;
      return JSON.parse(readFileSync(this.path, "utf8")) as DiscoveredGroup[];
    } catch {
      return undefined;
    }
  }

  private write(groups: readonly DiscoveredGroup[]): void {
    const temporary = `${this.path}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o750 });
      writeFileSync(temporary, JSON.stringify(groups), { mode: 0o660 });
      renameSync(temporary, this.path);
    } catch {
      rmSync(temporary, { force: true });
    }
  }
}
