// Behaviour: warningsForOverlappingVirtualPaths in k8s.io/kubernetes/pkg/api/pod/warnings.go.
import type { Volume, VolumeProjection } from "../../../api/generated/types/core/v1.ts";

/** A file of a volume, and which of its sources brings it ("" where there is only one). */
interface SourcePath {
  readonly path: string;
  readonly source: string;
}

/** Warns of files that lie inside one another, or are the same. */
export function overlapWarnings(volumes: readonly Volume[]): string[] {
  return volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const warn = (kind: string, overlaps: readonly string[]): string[] => overlaps.map((overlap) => `volume ${JSON.stringify(name)} (${kind}): overlapping paths: ${overlap}`);
    return [
      ...warn(`ConfigMap ${JSON.stringify(configMap?.name ?? "")}`, overlapsOf(plain(configMap?.items))),
      ...warn(`Secret ${JSON.stringify(secret?.secretName ?? "")}`, overlapsOf(plain(secret?.items))),
      ...warn("DownwardAPI", overlapsOf(plain(downwardAPI?.items))),
      ...(projected?.sources ?? []).flatMap((source) => (Object.values(source).some((part) => part !== undefined) ? [] : [`volume ${JSON.stringify(name)} (Projected) has no sources provided`])),
      ...warn("Projected", overlapsOf((projected?.sources ?? []).flatMap(projectedPaths))),
    ];
  });
}

function plain(items: readonly { path: string }[] | undefined, source = ""): SourcePath[] {
  return (items ?? []).map(({ path }) => ({ path, source }));
}

function projectedPaths({ configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection): SourcePath[] {
  if (configMap?.items !== undefined) return plain(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? "")}`);
  if (secret?.items !== undefined) return plain(secret.items, `Secret ${JSON.stringify(secret.name ?? "")}`);
  if (downwardAPI?.items !== undefined) return plain(downwardAPI.items, "DownwardAPI");
  return serviceAccountToken === undefined ? [] : [{ path: serviceAccountToken.path, source: "ServiceAccountToken" }];
}

function overlapsOf(paths: readonly SourcePath[]): string[] {
  const seen: SourcePath[] = [];
  return paths.flatMap((given) => {
    const current = { ...given, path: given.path.replace(/\/+$/, "") };
    const found = current.path === "" ? [] : seen.filter((other) => other.path !== "" && overlap(other.path, current.path));
    seen.push(current);
    return found.map((other) => `${show(current)} with ${show(other)}`);
  });
}

function overlap(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

function show({ path, source }: SourcePath): string {
  return source === "" ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;
}
