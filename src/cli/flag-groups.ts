// Behaviour: k8s.io/kubectl/pkg/cmd/util (AddFilenameOptionFlags, AddLabelSelectorFlagVar, ...): flags that many commands share.
import { CommandError } from "./errors.ts";
import { type FlagValues, boolFlag, intFlag, stringFlag, stringSliceFlag } from "./flags.ts";
import type { IO } from "./io.ts";
import { klogWarning } from "./klog.ts";
import type { FilenameOptions } from "./manifest-sources.ts";

/** -f, -k and -R; `usage` says what the files are for. */
export function filenameFlags(usage: string) {
  return {
    filename: stringSliceFlag(usage, { shorthand: "f" }),
    kustomize: stringFlag("Kustomization folder; not together with -f or -R.", { shorthand: "k" }),
    recursive: boolFlag("Read the folders of -f with all that is below them.", { shorthand: "R" }),
  };
}

/** The files of -f, -k and -R. */
export function filenameOptions(values: FlagValues<ReturnType<typeof filenameFlags>>): FilenameOptions {
  return { filenames: values.filename, kustomize: values.kustomize, recursive: values.recursive };
}

/** -l. */
export const selectorFlag = {
  selector: stringFlag("Label selector: '=', '==', '!=', 'in', 'notin' (key1=value1,key2 in (a,b)). Objects must satisfy all of it.", { shorthand: "l" }),
};

/** --field-selector. */
export const fieldSelectorFlag = {
  "field-selector": stringFlag("Field selector: '=', '==' and '!=' (key1=value1,key2=value2). The server knows few fields of each type."),
};

/** -A. */
export const allNamespacesFlag = {
  "all-namespaces": boolFlag("Go over all namespaces; the namespace of the context and of --namespace does not count.", { shorthand: "A" }),
};

/** --chunk-size. */
export const chunkSizeFlag = {
  "chunk-size": intFlag("Get large lists in pages of this size. Pass 0 to get them whole.", { default: 500 }),
};

/** --dry-run. */
export const dryRunFlag = {
  "dry-run": stringFlag('Must be "none", "server" or "client": client prints what would be sent, server sends it without storing.', { default: "none", bare: "unchanged" }),
};

/** What --dry-run asks for. */
export type DryRun = "none" | "client" | "server";

/** Reads --dry-run; a bare or boolean one is understood with a warning. Throws CommandError for other values. */
export function readDryRun(value: string, io: IO): DryRun {
  if (value === "none" || value === "client" || value === "server") return value;
  if (value === "unchanged") {
    klogWarning(io, "helpers.go:719", "--dry-run is deprecated and can be replaced with --dry-run=client.");
    return "client";
  }
  const dryRun = /^(?:1|t|T|true|TRUE|True)$/.test(value) ? "client" : "none";
  if (dryRun === "none" && !/^(?:0|f|F|false|FALSE|False)$/.test(value)) throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
  klogWarning(io, "helpers.go:731", `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${dryRun}.`);
  return dryRun;
}

/** --field-manager. */
export function fieldManagerFlag(name: string) {
  return { "field-manager": stringFlag("Name of the manager of the fields that this changes.", { default: name }) };
}

/** --validate. */
export const validateFlag = {
  validate: stringFlag(
    'Must be one of: strict (or true), warn, ignore (or false): strict refuses unknown and duplicate fields, warn lets the server warn of them, ignore drops them silently.',
    { default: "strict", bare: "strict" },
  ),
};

/** Reads --validate; throws CommandError for other values. */
export function readValidation(value: string): "Strict" | "Warn" | "Ignore" {
  if (value === "true" || value === "strict") return "Strict";
  if (value === "warn") return "Warn";
  if (value === "false" || value === "ignore") return "Ignore";
  throw new CommandError(`invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`);
}

/** --save-config. */
export const saveConfigFlag = {
  "save-config": boolFlag("Keep the object's configuration in its annotation, as apply does."),
};
