// Behaviour: k8s.io/kubectl/pkg/cmd/rollout: the flags that every rollout command has, and the objects that they name.
import { CommandError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { filenameFlags, filenameOptions, selectorFlag } from "../flag-groups.ts";
import type { FlagValues } from "../flags.ts";
import { type ResourceInfo, type ResourceResult, findResources } from "../resource-query.ts";

/** -f, -k, -R and -l. */
export const rolloutFlags = {
  ...filenameFlags("File, folder or address that names the objects."),
  ...selectorFlag,
};

/** The words and flags of a rollout command. */
export interface RolloutWords {
  readonly factory: Factory;
  readonly args: readonly string[];
  readonly values: FlagValues<typeof rolloutFlags>;
}

/** Throws when no object is named. */
export function requireResource({ args, values }: RolloutWords): void {
  if (args.length === 0 && values.filename.length === 0 && values.kustomize === "") throw new CommandError("required resource not specified");
}

/** The objects that a rollout command names, fetched. */
export async function findRollouts({ factory, args, values }: RolloutWords): Promise<ResourceResult> {
  return findResources(factory, {
    args,
    allowEmptySelector: true,
    files: filenameOptions(values),
    namespace: await factory.namespace(),
    labelSelector: values.selector,
    latest: true,
    flatten: true,
    continueOnError: true,
  });
}

/** "Deployment.apps": how failures name a kind (schema.GroupKind.String). */
export function groupKindOf({ mapping: { group, kind } }: ResourceInfo): string {
  return group === "" ? kind : `${kind}.${group}`;
}
