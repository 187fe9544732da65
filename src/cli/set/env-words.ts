// Behaviour: k8s.io/kubectl/pkg/cmd/set/env/env_parse.go: words that name objects, then KEY=VALUE, KEY- and "-" for standard input.
import type { EnvVar } from "../../api/generated/types/core/v1.ts";
import { isEnvVarName } from "../../api/name-validation.ts";
import { CommandError } from "../errors.ts";
import { type IO, readStdin } from "../io.ts";

/** What the words change. */
export interface EnvChange {
  readonly set: EnvVar[];
  readonly remove: readonly string[];
}

/** Splits the words; throws when objects stand behind changes. */
export function splitEnvWords(args: readonly string[]): { resources: string[]; changes: string[] } {
  const isChange = (word: string) => /^.+=.*$/s.test(word) || word.endsWith("-");
  const first = args.findIndex(isChange);
  const resources = first === -1 ? [...args] : args.slice(0, first);
  const changes = first === -1 ? [] : args.slice(first);
  if (!changes.every(isChange)) throw new CommandError(`all resources must be specified before environment changes: ${args.join(" ")}`);
  return { resources, changes };
}

/** Reads the changes. */
export async function readEnvWords(words: readonly string[], io: IO): Promise<EnvChange> {
  const set: EnvVar[] = [];
  const named = new Set<string>();
  const remove: string[] = [];
  for (const word of words) {
    const equals = word.indexOf("=");
    if (word === "-") set.push(...linesOf(await readStdin(io)));
    else if (equals !== -1) {
      const name = word.slice(0, equals);
      const problems = isEnvVarName(name);
      if (problems.length > 0) throw new CommandError(`${JSON.stringify(name)} is not a valid key name: ${problems.join(";")}`);
      named.add(name);
      set.push({ name, value: word.slice(equals + 1) });
    } else if (word.endsWith("-")) remove.push(word.slice(0, -1));
    else throw new CommandError(`unknown environment variable: ${word}`);
  }
  if (remove.some((name) => named.has(name))) throw new CommandError("can not both modify and remove the same environment variable in the same command");
  return { set, remove };
}

function linesOf(text: string): EnvVar[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const content = line.split("#", 1)[0] ?? "";
    const equals = content.indexOf("=");
    return equals === -1 ? [] : [{ name: content.slice(0, equals), value: content.slice(equals + 1) }];
  });
}

/** The variables after a change: those that were there keep their place. */
export function changedEnv(existing: readonly EnvVar[], { set, remove }: EnvChange): EnvVar[] {
  const covered = new Set(remove);
  const result: EnvVar[] = [];
  for (const variable of existing) {
    if (covered.has(variable.name)) continue;
    const newer = set.find(({ name }) => name === variable.name);
    if (newer !== undefined) covered.add(variable.name);
    result.push(newer ?? variable);
  }
  for (const variable of set) {
    if (covered.has(variable.name)) continue;
    covered.add(variable.name);
    result.push(variable);
  }
  return result;
}
