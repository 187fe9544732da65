// Behaviour: k8s.io/kubectl/pkg/cmd/wait/wait.go.
import { isNotFound, notFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import type { ApiClient } from "../../client/client.ts";
import { defineCommand } from "../command.ts";
import { CommandError, ErrorList } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { allNamespacesFlag, fieldSelectorFlag, filenameFlags, filenameOptions, selectorFlag } from "../flag-groups.ts";
import { boolFlag, durationFlag, stringArrayFlag } from "../flags.ts";
import type { IO } from "../io.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { type ResourceInfo, type ResourceQuery, findResources } from "../resource-query.ts";
import { type WaitCondition, readConditions } from "../wait-conditions.ts";
import { TIMED_OUT, findObject, waitForDeletion, waitForObject } from "../waiting.ts";

const WEEK_MS = 168 * 3_600_000;
const CREATE_POLL_MS = 500;

interface WaitOptions {
  readonly factory: Factory;
  readonly client: ApiClient;
  readonly printer: ObjectPrinter;
  readonly query: ResourceQuery;
  readonly conditions: readonly WaitCondition[];
  readonly timeoutMs: number;
}

const flags = {
  ...printFlags,
  ...allNamespacesFlag,
  ...fieldSelectorFlag,
  ...filenameFlags("File, folder or address that names the objects."),
  ...selectorFlag,
  all: boolFlag("Wait for all objects of the types."),
  for: stringArrayFlag("What to wait for: create, delete, condition=NAME[=VALUE] (true by default) or jsonpath='{PATH}'[=VALUE]. Several must all come true, one after the other."),
  local: boolFlag("Do not ask the server which objects are meant."),
  timeout: durationFlag("How long to wait before giving up. Zero looks once; a negative time waits for a week.", { default: 30_000, defaultText: "30s" }),
};

export default defineCommand({
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  summary: "Wait for a specific condition on one or many resources",
  examples: `
    # Until a pod is ready
    kubectl wait --for=condition=Ready pod/web-0

    # Until a deployment is available, a minute at most
    kubectl wait --for=condition=Available deployment/web --timeout=60s

    # Until a field has a value
    kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web-0

    # Until a pod is gone
    kubectl wait --for=delete pod/web-0`,
  flags,
  async toOptions(factory, args, { values }): Promise<WaitOptions> {
    const printer = await changePrinter(values, "condition met");
    const namespace = await factory.namespace();
    const conditions = readConditions(values.for);
    return {
      factory,
      client: await factory.client(),
      printer,
      conditions,
      timeoutMs: values.timeout < 0 ? WEEK_MS : values.timeout,
      query: {
        args,
        allowEmptySelector: values.all,
        files: filenameOptions(values),
        namespace,
        allNamespaces: values["all-namespaces"],
        labelSelector: values.selector,
        fieldSelector: values["field-selector"],
        latest: true,
        flatten: true,
        continueOnError: true,
      },
    };
  },
  run: wait,
});

async function wait(options: WaitOptions, io: IO): Promise<void> {
  const { factory, query, conditions, printer } = options;
  const deadline = io.clock.monotonic() + options.timeoutMs;
  if (conditions.some(({ type }) => type === "create")) await waitForCreation(options, deadline, io);
  const forDelete = conditions.some(({ type }) => type === "delete");
  let count = 0;
  try {
    await (await findResources(factory, query)).visit(async (info) => {
      count += 1;
      for (const condition of conditions) io.out(printer.print(await meet(condition, info, options, deadline, io)));
    });
  } catch (error) {
    const errors = (error instanceof ErrorList ? error.errors : [error]).filter((one) => !forDelete || !isNotFound(one));
    if (errors.length > 0) throw new ErrorList(errors);
  }
  if (count === 0 && !forDelete) throw new CommandError("no matching resources found");
}

/** Looks for the objects until they are there. */
async function waitForCreation({ factory, query }: WaitOptions, deadline: number, io: IO): Promise<void> {
  for (;;) {
    const result = await findResources(factory, query);
    try {
      if ((await result.infos()).length > 0) return;
    } catch (error) {
      const errors = error instanceof ErrorList ? error.errors : [error];
      if (!errors.every(isNotFound)) throw error;
    }
    if (io.clock.monotonic() + CREATE_POLL_MS > deadline) throw new CommandError(TIMED_OUT);
    await io.clock.sleep(CREATE_POLL_MS, io.signal);
  }
}

/** Waits for one condition of one object; resolves with what is printed of it. */
async function meet(condition: WaitCondition, info: ResourceInfo, { client, timeoutMs }: WaitOptions, deadline: number, io: IO): Promise<UnstructuredObject> {
  const { mapping, name, object } = info;
  if (name === "" || object === undefined) throw new CommandError("resource name must be provided");
  if (condition.type === "create") return object;
  const present = await findObject(client, info);
  const unmet = () => new CommandError(`condition not met for ${mapping.resource}/${name}`);
  if (condition.type === "delete") {
    if (present === undefined) return object;
    if (timeoutMs === 0) throw unmet();
    await waitForDeletion({ client, subject: info, deadline }, io);
    return present;
  }
  if (present === undefined) throw notFound(mapping, name);
  if (condition.isMet(present)) return present;
  if (timeoutMs === 0) throw unmet();
  return (await waitForObject({ client, subject: info, deadline, check: (state) => state !== undefined && condition.isMet(state) }, io)) ?? present;
}
