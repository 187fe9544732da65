// Behaviour: k8s.io/apiserver/pkg/cel/library/semverlib.go.
import type { Environment } from "@marcbachmann/cel-js";

const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** A version as expressions hold it. */
class Semver {
  readonly parts: readonly bigint[];
  readonly prerelease: readonly string[];

  constructor(text: string) {
    const match = SEMVER.exec(text);
    if (match === null) throw new Error(`semver parse error during conversion from string: ${text}`);
    this.parts = [match[1], match[2], match[3]].map((part) => BigInt(part ?? "0"));
    this.prerelease = match[4]?.split(".") ?? [];
  }
}

/** Registers semver, isSemver and what one can ask of versions. */
export function registerSemver(environment: Environment): void {
  environment
    .registerType("kubernetes.Semver", Semver)
    .registerFunction("semver(string): kubernetes.Semver", (text: string) => new Semver(text))
    .registerFunction("semver(string, bool): kubernetes.Semver", (text: string, normalize: boolean) => new Semver(normalize ? normalized(text) : text))
    .registerFunction("isSemver(string): bool", (text: string) => SEMVER.test(text))
    .registerFunction("isSemver(string, bool): bool", (text: string, normalize: boolean) => SEMVER.test(normalize ? normalized(text) : text))
    .registerFunction("kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool", (left: Semver, right: Semver) => compare(left, right) > 0)
    .registerFunction("kubernetes.Semver.isLessThan(kubernetes.Semver): bool", (left: Semver, right: Semver) => compare(left, right) < 0)
    .registerFunction("kubernetes.Semver.compareTo(kubernetes.Semver): int", (left: Semver, right: Semver) => BigInt(compare(left, right)))
    .registerOperator("kubernetes.Semver == kubernetes.Semver", (left: Semver, right: Semver) => compare(left, right) === 0);
  for (const [index, part] of ["major", "minor", "patch"].entries()) {
    environment.registerFunction(`kubernetes.Semver.${part}(): int`, ({ parts }: Semver) => parts[index] ?? 0n);
  }
}

/** "v1.2" -> "1.2.0", "01.02.3" -> "1.2.3". */
function normalized(text: string): string {
  const [core = "", ...rest] = text.replace(/^v/, "").split(/(?=[-+])/);
  const parts = core.split(".").map((part) => part.replace(/^0+(?=\d)/, ""));
  while (parts.length < 3) parts.push("0");
  return parts.join(".") + rest.join("");
}

function compare(left: Semver, right: Semver): number {
  for (const [index, part] of left.parts.entries()) {
    const other = right.parts[index] ?? 0n;
    if (part !== other) return part < other ? -1 : 1;
  }
  if (left.prerelease.length === 0 || right.prerelease.length === 0) return Math.sign(right.prerelease.length - left.prerelease.length);
  for (const [index, one] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && otherIsNumber) return BigInt(one) < BigInt(other) ? -1 : 1;
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return Math.sign(left.prerelease.length - right.prerelease.length);
}
