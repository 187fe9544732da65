// Behaviour: k8s.io/pod-security-admission/api: what a namespace's labels ask of its pods.
import { type FieldError, FieldPath, invalidValue } from "../../../api/field-errors.ts";

/** How strict a policy is. */
export type Level = "privileged" | "baseline" | "restricted";

/** A level as a release defines it: its minor version, or infinity for the latest. */
export interface LevelVersion {
  readonly level: Level;
  readonly version: number;
}

/** What is refused, what is written to the audit log and what is warned of. */
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

const PREFIX = "pod-security.kubernetes.io/";
const LEVELS: readonly Level[] = ["privileged", "baseline", "restricted"];
const VERSION = /^v1\.(0|[1-9][0-9]*)$/;
const LABELS = new FieldPath("metadata").child("labels");
const PRIVILEGED: LevelVersion = { level: "privileged", version: Infinity };

/** Reads the policy from a namespace's labels; what cannot be read is strict where it is enforced and lax elsewhere. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): { policy: Policy; errors: FieldError[] } {
  const errors: FieldError[] = [];
  if (labels === undefined) return { policy: { enforce: PRIVILEGED, audit: PRIVILEGED, warn: PRIVILEGED }, errors };
  const read = (mode: string, fallback: Level): LevelVersion & { hasLevel: boolean; hasVersion: boolean; isValid: boolean } => {
    const [level, version] = [labels[PREFIX + mode], labels[`${PREFIX}${mode}-version`]];
    const isValid = level !== undefined && LEVELS.includes(level as Level);
    if (level !== undefined && !isValid) errors.push(invalidValue(LABELS.key(PREFIX + mode), level, `must be one of ${LEVELS.join(", ")}`));
    const minor = parseVersion(version);
    if (minor === undefined) errors.push(invalidValue(LABELS.key(`${PREFIX}${mode}-version`), version, 'must be "latest" or "v1.x"'));
    const effective = level === undefined ? "privileged" : isValid ? (level as Level) : fallback;
    return { level: effective, version: minor ?? Infinity, hasLevel: level !== undefined, hasVersion: version !== undefined, isValid };
  };
  const enforce = read("enforce", "restricted");
  const audit = read("audit", "privileged");
  const warn = read("warn", "privileged");
  const followsEnforce = !warn.hasLevel && enforce.isValid && compareLevels(enforce.level, warn.level) > 0;
  return {
    policy: {
      enforce: { level: enforce.level, version: enforce.version },
      audit: { level: audit.level, version: audit.version },
      warn: followsEnforce ? { level: enforce.level, version: warn.hasVersion ? warn.version : enforce.version } : { level: warn.level, version: warn.version },
    },
    errors,
  };
}

/** Below zero when `a` is laxer than `b`. */
export function compareLevels(a: Level, b: Level): number {
  return LEVELS.indexOf(a) - LEVELS.indexOf(b);
}

/** As messages name it, e.g. "restricted:latest". */
export function formatLevel({ level, version }: LevelVersion): string {
  return `${level}:${version === Infinity ? "latest" : `v1.${version}`}`;
}

function parseVersion(text: string | undefined): number | undefined {
  if (text === undefined || text === "latest") return Infinity;
  const minor = VERSION.exec(text)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
