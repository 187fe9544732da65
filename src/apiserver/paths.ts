// Behaviour: k8s.io/apiserver/pkg/server/{healthz,routes}: paths that are no resource: version, health, the keys of tokens.
import { type ServerResponse, objectResponse, textResponse } from "./message.ts";
import type { PathHandler } from "./server.ts";

/** What /version says. */
export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
}

/** GET /version. */
export function versionPath(version: VersionInfo): PathHandler {
  const { major, minor, ...rest } = version;
  const compatible = { emulationMajor: major, emulationMinor: minor, minCompatibilityMajor: major, minCompatibilityMinor: String(Number(minor) - 1) };
  const answer = { major, minor, ...compatible, ...rest };
  // Generated clients ask with a slash behind.
  return (request, { path }) => (/^\/version\/?$/.test(path) && request.method === "GET" ? objectResponse(200, answer) : undefined);
}

/** One thing that must be in order; throws (or rejects with) what is wrong. */
export interface HealthCheck {
  readonly name: string;
  /** The endpoints that ask it; all of them by default. */
  readonly endpoints?: readonly ("livez" | "readyz" | "healthz")[];
  check(): void | Promise<void>;
}

/** GET /livez, /readyz and /healthz, whole or one check of them; verbose and exclude as upstream. */
export function healthPaths(checks: readonly HealthCheck[]): PathHandler {
  return async (request, { path, query }) => {
    const match = /^\/(livez|readyz|healthz)(?:\/(.*))?$/.exec(path);
    if (match === null || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
    const [, endpoint = "", only] = match;
    const excluded = query.getAll("exclude");
    const asked = checks.filter((check) => (check.endpoints ?? ["livez", "readyz", "healthz"]).some((name) => name === endpoint));
    if (only !== undefined && only !== "") {
      const check = asked.find((candidate) => candidate.name === only);
      return check === undefined ? undefined : oneCheck(check);
    }
    return allChecks(endpoint, asked, excluded, query.has("verbose"));
  };
}

async function oneCheck(check: HealthCheck): Promise<ServerResponse> {
  const problem = await problemOf(check);
  return problem === undefined ? textResponse(200, "ok") : textResponse(500, `internal server error: ${problem}\n`);
}

async function allChecks(endpoint: string, checks: readonly HealthCheck[], excluded: readonly string[], verbose: boolean): Promise<ServerResponse> {
  const lines: string[] = [];
  let failed = false;
  for (const check of checks) {
    if (excluded.includes(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const problem = await problemOf(check);
    failed ||= problem !== undefined;
    lines.push(problem === undefined ? `[+]${check.name} ok` : `[-]${check.name} failed: reason withheld`);
  }
  for (const name of excluded) {
    if (!checks.some((check) => check.name === name)) lines.push(`warn: some health checks cannot be excluded: no matches for ${JSON.stringify(name)}`);
  }
  const text = `${lines.join("\n")}\n`;
  if (failed) return textResponse(500, `${text}${endpoint} check failed\n`);
  return textResponse(200, verbose ? `${text}${endpoint} check passed\n` : "ok");
}

async function problemOf(check: HealthCheck): Promise<string | undefined> {
  try {
    await check.check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** GET /.well-known/openid-configuration and /openid/v1/jwks: how others check service accounts' tokens. */
export function openIdPaths(options: { readonly issuer: string; readonly keySet: object; readonly algorithm: string; readonly serverAddress: string }): PathHandler {
  const configuration = {
    issuer: options.issuer,
    jwks_uri: `https://${options.serverAddress}/openid/v1/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [options.algorithm],
  };
  return (request, { path }) => {
    if (request.method !== "GET") return undefined;
    if (path === "/.well-known/openid-configuration") return objectResponse(200, configuration);
    if (path !== "/openid/v1/jwks") return undefined;
    return { ...objectResponse(200, options.keySet), headers: { "content-type": "application/jwk-set+json" } };
  };
}
