// Behaviour: what ConfigMaps and Secrets have in common in k8s.io/kubernetes/pkg/apis/core/validation.

/** The most that the values of a ConfigMap or a Secret may take together. */
export const MAX_DATA_BYTES = 1024 * 1024;

/** Bytes that a base64 text stands for. */
export function decodedLength(base64: string): number {
  return Buffer.from(base64, "base64").length;
}

/** Whether two maps of values differ; absent and empty are the same. */
export function dataChanged(next: Readonly<Record<string, string>> = {}, old: Readonly<Record<string, string>> = {}): boolean {
  const keys = Object.keys(next);
  return keys.length !== Object.keys(old).length || keys.some((key) => next[key] !== old[key]);
}
