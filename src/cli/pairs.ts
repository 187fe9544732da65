// Behaviour: k8s.io/kubectl/pkg/cmd/util/helpers.go (GetResourcesAndPairs, ParsePairs): words that name objects, then KEY=VALUE and KEY-.
import { CommandError } from "./errors.ts";

/** Splits words into those that name objects and the changes behind them; `what` names the changes in errors. */
export function splitPairs(args: readonly string[], what: string): { resources: string[]; pairs: string[] } {
  const resources: string[] = [];
  const pairs: string[] = [];
  for (const arg of args) {
    const isPair = arg.indexOf("=") > 0 || (arg.endsWith("-") && arg !== "-");
    if (isPair) pairs.push(arg);
    else if (pairs.length === 0) resources.push(arg);
    else throw new CommandError(`all resources must be specified before ${what} changes: ${arg}`);
  }
  return { resources, pairs };
}

/** Reads KEY=VALUE, and KEY- where keys may be removed. */
export function readPairs(pairs: readonly string[], what: string, removable: boolean): { added: Map<string, string>; removed: string[] } {
  const added = new Map<string, string>();
  const removed: string[] = [];
  const invalid: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals > 0) added.set(pair.slice(0, equals), pair.slice(equals + 1));
    else if (removable && pair.endsWith("-") && pair !== "-") removed.push(pair.slice(0, -1));
    else invalid.push(pair);
  }
  if (invalid.length > 0) throw new CommandError(`invalid ${what} format: ${invalid.join(", ")}`);
  return { added, removed };
}
