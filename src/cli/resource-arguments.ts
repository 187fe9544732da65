// Behaviour: k8s.io/cli-runtime/pkg/resource/builder.go (ResourceTypeOrNameArgs): how words name types and objects.
import { CommandError } from "./errors.ts";

/** What the words of a command name: objects one by one, or types and perhaps names of one type. */
export interface ResourceWords {
  /** Set when each word was TYPE/NAME. */
  readonly tuples: readonly { readonly resource: string; readonly name: string }[];
  readonly types: readonly string[];
  readonly names: readonly string[];
}

/** Sorts words into types, names and TYPE/NAME pairs; `expand` replaces a category such as "all" by its resources. */
export async function readResourceWords(words: readonly string[], expand: (word: string) => Promise<readonly string[] | undefined>, program: string): Promise<ResourceWords> {
  const args = spreadTypes(words);
  const slashed = args.filter((arg) => arg.includes("/")).length;
  if (slashed > 0 && slashed !== args.length) {
    throw new CommandError(
      `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '${program} get resource/<resource_name>' instead of '${program} get resource resource/<resource_name>'`,
    );
  }
  if (slashed > 0) return { tuples: args.map(readTuple), types: [], names: [] };
  const [types, ...names] = args;
  if (types === undefined) return { tuples: [], types: [], names: [] };
  const expanded = await Promise.all(types.split(",").map(async (type) => (await expand(type)) ?? [type]));
  return { tuples: [], types: unique(expanded.flat()), names };
}

/** "a,b c d" means "a/c a/d b/c b/d". */
function spreadTypes(words: readonly string[]): readonly string[] {
  const [first, ...names] = words;
  const types = unique((first ?? "").split(","));
  return names.length > 0 && types.length > 1 ? types.flatMap((type) => names.map((name) => `${type}/${name}`)) : words;
}

/** TYPE/NAME split in two. */
export function readTuple(word: string): { resource: string; name: string } {
  const parts = word.split("/");
  if (parts.length !== 2) throw new CommandError("arguments in resource/name form may not have more than one slash");
  const [resource = "", name = ""] = parts;
  if (resource === "" || name === "" || unique(resource.split(",")).length !== 1) {
    throw new CommandError("arguments in resource/name form must have a single resource and name");
  }
  return { resource, name };
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
