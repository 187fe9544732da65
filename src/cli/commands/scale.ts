// Behaviour: k8s.io/kubectl/pkg/cmd/scale/scale.go and pkg/scale/scale.go.
import { isConflict } from "../../api/errors.ts";
import type { Scale } from "../../api/generated/types/autoscaling/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { requestBody } from "../../client/rest-client.ts";
import { defineCommand } from "../command.ts";
import { requireFlags } from "../create/create-command.ts";
import { CommandError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { type DryRun, dryRunFlag, filenameFlags, filenameOptions, readDryRun, selectorFlag } from "../flag-groups.ts";
import { boolFlag, durationFlag, intFlag, stringFlag } from "../flags.ts";
import { ObjectWriter } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { type ResourceInfo, type ResourceQuery, findResources } from "../resource-query.ts";
import { objectPath } from "../rest-mapper.ts";

const RETRY_INTERVAL_MS = 1000;
const RETRY_TIMEOUT_MS = 5 * 60_000;

interface ScaleOptions {
  readonly factory: Factory;
  readonly query: ResourceQuery;
  readonly printer: ObjectPrinter;
  readonly dryRun: DryRun;
  readonly replicas: number;
  /** -1 for any. */
  readonly currentReplicas: number;
  readonly resourceVersion: string;
  readonly timeoutMs: number;
}

export default defineCommand({
  use: "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
  summary: "Set a new size for a deployment, replica set, or replication controller",
  description: "With --current-replicas or --resource-version the size changes only if the object is still as they say.",
  examples: `
    # Three replicas
    kubectl scale deployment/web --replicas=3

    # Only if there are two now
    kubectl scale --current-replicas=2 --replicas=3 deployment/web

    # Several at once
    kubectl scale --replicas=5 deployment/web statefulset/db`,
  flags: {
    ...printFlags,
    ...dryRunFlag,
    ...filenameFlags("File, folder or address that names the objects to scale."),
    ...selectorFlag,
    all: boolFlag("Select all objects of the types in the namespace."),
    "current-replicas": intFlag("Scale only if this is the present size; -1 for any.", { default: -1 }),
    replicas: intFlag("The new size. Required."),
    "resource-version": stringFlag("Scale only if this is the present resource version."),
    timeout: durationFlag("How long to wait for the new size; zero does not wait."),
  },
  async toOptions(factory, args, { values, changed }): Promise<ScaleOptions> {
    requireFlags(changed("replicas") ? [] : ["replicas"]);
    const dryRun = readDryRun(values["dry-run"], factory.io);
    return {
      factory,
      query: {
        args,
        files: filenameOptions(values),
        namespace: await factory.namespace(),
        allowEmptySelector: values.all,
        labelSelector: values.selector,
        flatten: true,
        continueOnError: true,
      },
      printer: await changePrinter(values, "scaled", dryRun),
      dryRun,
      replicas: values.replicas,
      currentReplicas: values["current-replicas"],
      resourceVersion: values["resource-version"],
      timeoutMs: values.timeout,
    };
  },
  validate({ replicas, currentReplicas }) {
    if (replicas < 0) throw new CommandError("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
    if (currentReplicas < -1) throw new CommandError("The --current-replicas must specify an integer of -1 or greater");
  },
  run: scale,
});

async function scale(options: ScaleOptions): Promise<void> {
  const { factory, query, printer, dryRun, timeoutMs } = options;
  const result = await findResources(factory, query);
  const infos: ResourceInfo[] = [];
  let problem: unknown;
  try {
    await result.visit((info) => void infos.push(info));
  } catch (error) {
    problem = error;
  }
  if (options.resourceVersion !== "" && infos.length > 1) throw new CommandError("cannot use --resource-version with multiple resources");
  if (infos.length === 0) throw problem ?? new CommandError("no objects passed to scale");
  for (const info of infos) {
    if (dryRun !== "client") {
      await scaleOne(options, info);
      if (timeoutMs !== 0 && dryRun === "none") await waitForSize(options, info);
    }
    factory.io.out(printer.print(info.object as UnstructuredObject));
  }
  if (problem !== undefined) throw problem;
}

/** Sets the size; conflicts are tried again. */
async function scaleOne(options: ScaleOptions, info: ResourceInfo): Promise<void> {
  const { factory, replicas, dryRun, currentReplicas, resourceVersion } = options;
  const writer = new ObjectWriter(await factory.transport(), { dryRun });
  const deadline = factory.io.clock.monotonic() + RETRY_TIMEOUT_MS;
  for (;;) {
    try {
      if (currentReplicas === -1 && resourceVersion === "") {
        await writer.patch(info, "application/merge-patch+json", { spec: { replicas } }, { subresource: "scale" });
      } else {
        const present = await readScale(factory, info);
        checkPreconditions(options, present);
        const changed = { ...present, spec: { ...present.spec, replicas } };
        await writer.replace(info, changed as unknown as UnstructuredObject, "scale");
      }
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (factory.io.clock.monotonic() >= deadline) throw new CommandError("timed out waiting for the condition");
      await factory.io.clock.sleep(RETRY_INTERVAL_MS, factory.io.signal);
    }
  }
}

async function readScale(factory: Factory, { mapping, namespace, name }: ResourceInfo): Promise<Scale> {
  return requestBody(await factory.transport(), { method: "GET", path: objectPath(mapping, namespace, name, "scale") });
}

function checkPreconditions({ currentReplicas, resourceVersion }: ScaleOptions, { metadata, spec }: Scale): void {
  const size = spec?.replicas ?? 0;
  if (currentReplicas !== -1 && size !== currentReplicas) throw new CommandError(`Expected replicas to be ${currentReplicas}, was ${size}`);
  if (resourceVersion !== "" && metadata?.resourceVersion !== resourceVersion) {
    throw new CommandError(`Expected resource version to be ${resourceVersion}, was ${metadata?.resourceVersion}`);
  }
}

async function waitForSize({ factory, replicas, timeoutMs }: ScaleOptions, info: ResourceInfo): Promise<void> {
  const { clock, signal } = factory.io;
  const deadline = clock.monotonic() + timeoutMs;
  for (;;) {
    const { spec, status } = await readScale(factory, info);
    const wanted = spec?.replicas ?? 0;
    if (wanted !== replicas || status?.replicas === wanted) return;
    if (clock.monotonic() >= deadline) throw new CommandError(`timed out waiting for ${JSON.stringify(info.name)} to be synced`);
    await clock.sleep(RETRY_INTERVAL_MS, signal);
  }
}
