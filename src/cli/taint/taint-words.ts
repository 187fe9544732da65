// Behaviour: k8s.io/kubectl/pkg/cmd/taint/utils.go: KEY=VALUE:EFFECT, KEY:EFFECT-, and what they make of a node's taints.
import type { Taint } from "../../api/generated/types/core/v1.ts";
import { isQualifiedName, isValidLabelValue } from "../../api/name-validation.ts";
import { CommandError, ErrorList } from "../errors.ts";

const EFFECTS: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** A taint to remove: every one of its key when it has no effect. */
export type TaintToRemove = Pick<Taint, "key"> & { readonly effect: string };

/** Splits words into those that name nodes and those that change taints. */
export function splitTaintWords(args: readonly string[]): { resources: string[]; changes: string[] } {
  const isTaint = (word: string) => word.includes("=") || word.includes(":") || word.endsWith("-");
  const first = args.findIndex(isTaint);
  const resources = first === -1 ? [...args] : args.slice(0, first);
  const changes = first === -1 ? [] : args.slice(first);
  const stray = changes.find((word) => !isTaint(word));
  if (stray !== undefined) throw new CommandError(`all resources must be specified before taint changes: ${stray}`);
  return { resources, changes };
}

/** Reads the changes. */
export function readTaints(words: readonly string[]): { added: Taint[]; removed: TaintToRemove[] } {
  const added: Taint[] = [];
  const removed: TaintToRemove[] = [];
  for (const word of words) {
    if (word.endsWith("-")) {
      const { key, effect } = readTaint(word.slice(0, -1));
      removed.push({ key, effect });
      continue;
    }
    const taint = readTaint(word);
    if (taint.effect === "") throw new CommandError(`invalid taint spec: ${word}`);
    if (added.some(({ key, effect }) => key === taint.key && effect === taint.effect)) {
      throw new CommandError(`duplicated taints with the same key and effect: {${taint.key} ${taint.value} ${taint.effect} <nil>}`);
    }
    added.push({ key: taint.key, ...(taint.value !== "" && { value: taint.value }), effect: taint.effect });
  }
  return { added, removed };
}

function readTaint(word: string): { key: string; value: string; effect: string } {
  const invalid = (detail = "") => new CommandError(`invalid taint spec: ${word}${detail}`);
  const [before = "", effect = "", ...rest] = word.split(":");
  if (rest.length > 0) throw invalid();
  const hasEffect = word.includes(":");
  if (hasEffect && !EFFECTS.includes(effect)) throw new CommandError(`invalid taint effect: ${effect}, unsupported taint effect`);
  const [key = "", value = "", ...more] = hasEffect ? before.split("=") : [before];
  if (more.length > 0) throw invalid();
  const valueProblems = isValidLabelValue(value);
  if (valueProblems.length > 0) throw invalid(`, ${valueProblems.join("; ")}`);
  const keyProblems = isQualifiedName(key);
  if (keyProblems.length > 0) throw invalid(`, ${keyProblems.join("; ")}`);
  return { key, value, effect };
}

/** The keys that would be set anew though they are there. */
export function takenKeys(present: readonly Taint[], added: readonly Taint[]): string[] {
  return added.filter((taint) => present.some((other) => same(taint, other))).map(({ key }) => key);
}

/** The taints after the change, and what it is called. Throws for taints to remove that are not there. */
export function changedTaints(present: readonly Taint[], added: readonly Taint[], removed: readonly TaintToRemove[], overwrite: boolean): { taints: Taint[]; operation: string } {
  let taints = [...added, ...present.filter((taint) => !added.some((other) => same(taint, other)))];
  const grew = taints.length !== present.length;
  let shrank = false;
  const missing: CommandError[] = [];
  for (const gone of removed) {
    const rest = taints.filter((taint) => taint.key !== gone.key || (gone.effect !== "" && taint.effect !== gone.effect));
    shrank = rest.length !== taints.length;
    if (!shrank) missing.push(new CommandError(`taint ${JSON.stringify(gone.effect === "" ? gone.key : `${gone.key}:${gone.effect}`)} not found`));
    taints = rest;
  }
  if (missing.length > 0) throw new ErrorList(missing);
  const operation = (grew && shrank) || overwrite ? "modified" : grew ? "tainted" : "untainted";
  return { taints, operation };
}

function same(one: Taint, other: Taint): boolean {
  return one.key === other.key && one.effect === other.effect;
}
