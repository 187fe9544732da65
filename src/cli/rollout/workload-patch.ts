// Behaviour: k8s.io/kubectl/pkg/cmd/rollout (RunPause, RunResume, RunRestart): one small patch for each workload named.
import type { UnstructuredObject } from "../../api/object.ts";
import { formatGroupResource } from "../../api/object.ts";
import { CommandError, ErrorList, messageOf } from "../errors.ts";
import { ObjectWriter } from "../object-writer.ts";
import { type PrintOptions, changePrinter } from "../print-flags.ts";
import { typedPrinter } from "../printers/typed.ts";
import type { ResourceInfo } from "../resource-query.ts";
import { type RolloutWords, findRollouts } from "./rollout-query.ts";

/** What a command does to each workload. */
export interface WorkloadPatch extends RolloutWords {
  readonly print: PrintOptions;
  readonly fieldManager: string;
  /** "paused": what is printed of each. */
  readonly operation: string;
  /** The strategic merge patch, undefined when nothing would change; throws why a workload cannot be changed. */
  patchFor(object: UnstructuredObject, info: ResourceInfo): object | undefined;
  /** What is printed of a workload that would not change; throws when that is a failure. */
  unchanged(name: string): string;
}

/** Patches every workload named; failures are told at the end. */
export async function patchWorkloads(options: WorkloadPatch): Promise<void> {
  const { factory, print, fieldManager, operation } = options;
  const result = await findRollouts(options);
  const infos: ResourceInfo[] = [];
  const errors: unknown[] = [];
  try {
    await result.visit((info) => void infos.push(info));
  } catch (error) {
    errors.push(...(error instanceof ErrorList ? error.errors : [error]));
  }
  if (infos.length === 0 && errors.length === 0) {
    factory.io.err(`No resources found in ${(await factory.namespace()).name} namespace.\n`);
    return;
  }
  const writer = new ObjectWriter(await factory.transport(), { fieldManager });
  const report = async (object: UnstructuredObject, what: string) => factory.io.out(typedPrinter(await changePrinter(print, what), print).print(object));
  for (const info of infos) {
    const object = info.object as UnstructuredObject;
    try {
      const patch = patchOf(options, object, info);
      if (patch === undefined) await report(object, options.unchanged(info.name));
      else await report(await send(writer, info, patch), operation);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new ErrorList(errors);
}

function patchOf(options: WorkloadPatch, object: UnstructuredObject, info: ResourceInfo): object | undefined {
  try {
    return options.patchFor(object, info);
  } catch (error) {
    throw new CommandError(`error: ${formatGroupResource(info.mapping)} ${JSON.stringify(info.name)} ${messageOf(error)}`);
  }
}

async function send(writer: ObjectWriter, info: ResourceInfo, patch: object): Promise<UnstructuredObject> {
  try {
    return await writer.patch(info, "application/strategic-merge-patch+json", patch);
  } catch (error) {
    throw new CommandError(`failed to patch: ${messageOf(error)}`);
  }
}

/** Whether a workload is a Deployment that is paused. */
export function isPaused(object: UnstructuredObject): boolean {
  return (object["spec"] as { paused?: boolean } | undefined)?.paused === true;
}
