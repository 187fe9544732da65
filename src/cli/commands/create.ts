// Behaviour: k8s.io/kubectl/pkg/cmd/create/create.go.
import type { UnstructuredObject } from "../../api/object.ts";
import type { Command } from "../command.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { dryRunFlag, fieldManagerFlag, filenameFlags, filenameOptions, readDryRun, readValidation, saveConfigFlag, selectorFlag, validateFlag } from "../flag-groups.ts";
import { type FlagValues, stringFlag } from "../flags.ts";
import { ObjectWriter, withSource } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { findResources } from "../resource-query.ts";

const flags = {
  ...printFlags,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-create"),
  ...filenameFlags("File, folder or address that holds the objects to create."),
  ...saveConfigFlag,
  ...selectorFlag,
  ...validateFlag,
  raw: stringFlag("Path to POST the file to as it stands."),
};

const create = defineCommand({
  use: "create -f FILENAME",
  summary: "Create a resource from a file or from stdin",
  examples: `
    # From a file
    kubectl create -f web.yaml

    # From standard input
    cat web.yaml | kubectl create -f -`,
  flags,
  async toOptions(factory, args, { values }) {
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(" ")}]`);
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const fieldValidation = readValidation(values.validate);
    const printer = await changePrinter(values, "created", dryRun);
    return { factory, values, dryRun, fieldValidation, printer };
  },
  validate: ({ values }) => check(values),
  async run(options) {
    const { factory, values } = options;
    if (values.raw !== "") return (await import("../raw-request.ts")).createRaw(factory, values.raw, values.filename[0] ?? "");
    await createAll(options);
  },
});

const command: Command = {
  ...create,
  commands: [
    { name: "clusterrole", summary: "Create a cluster role", load: () => import("./create/clusterrole.ts") },
    { name: "clusterrolebinding", summary: "Create a cluster role binding for a particular cluster role", load: () => import("./create/clusterrolebinding.ts") },
    { name: "configmap", aliases: ["cm"], summary: "Create a config map from a local file, directory or literal value", load: () => import("./create/configmap.ts") },
    { name: "cronjob", aliases: ["cj"], summary: "Create a cron job with the specified name", load: () => import("./create/cronjob.ts") },
    { name: "deployment", aliases: ["deploy"], summary: "Create a deployment with the specified name", load: () => import("./create/deployment.ts") },
    { name: "ingress", aliases: ["ing"], summary: "Create an ingress with the specified name", load: () => import("./create/ingress.ts") },
    { name: "job", summary: "Create a job with the specified name", load: () => import("./create/job.ts") },
    { name: "namespace", aliases: ["ns"], summary: "Create a namespace with the specified name", load: () => import("./create/namespace.ts") },
    { name: "poddisruptionbudget", aliases: ["pdb"], summary: "Create a pod disruption budget with the specified name", load: () => import("./create/poddisruptionbudget.ts") },
    { name: "priorityclass", aliases: ["pc"], summary: "Create a priority class with the specified name", load: () => import("./create/priorityclass.ts") },
    { name: "quota", aliases: ["resourcequota"], summary: "Create a quota with the specified name", load: () => import("./create/quota.ts") },
    { name: "role", summary: "Create a role with single rule", load: () => import("./create/role.ts") },
    { name: "rolebinding", summary: "Create a role binding for a particular role or cluster role", load: () => import("./create/rolebinding.ts") },
    { name: "secret", summary: "Create a secret using a specified subcommand", load: () => import("./create/secret.ts") },
    { name: "service", aliases: ["svc"], summary: "Create a service using a specified subcommand", load: () => import("./create/service.ts") },
    { name: "serviceaccount", aliases: ["sa"], summary: "Create a service account with the specified name", load: () => import("./create/serviceaccount.ts") },
    { name: "token", summary: "Request a service account token", load: () => import("./create/token.ts") },
  ],
};

export default command;

function check(values: FlagValues<typeof flags>): void {
  if (values.filename.length === 0 && values.kustomize === "") throw new CommandError("must specify one of -f and -k");
  if (values.raw === "") return;
  if (values.filename.length !== 1) throw new CommandError("--raw can only use a single local file or stdin");
  if (/^https?:\/\//.test(values.filename[0] ?? "")) throw new CommandError("--raw cannot read from a url");
  if (values.recursive) throw new CommandError("--raw and --recursive are mutually exclusive");
  if (values.selector !== "") throw new CommandError("--raw and --selector (-l) are mutually exclusive");
  if (values.output !== "") throw new CommandError("--raw and --output are mutually exclusive");
  if (!values.raw.startsWith("/")) throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(values.raw)}: invalid URI for request`);
}

interface CreateOptions {
  readonly factory: Factory;
  readonly values: FlagValues<typeof flags>;
  readonly dryRun: ReturnType<typeof readDryRun>;
  readonly fieldValidation: ReturnType<typeof readValidation>;
  readonly printer: Awaited<ReturnType<typeof changePrinter>>;
}

async function createAll({ factory, values, dryRun, fieldValidation, printer }: CreateOptions): Promise<void> {
  const files = filenameOptions(values);
  const result = await findResources(factory, {
    files,
    namespace: await factory.namespace(),
    labelSelector: values.selector,
    flatten: true,
    continueOnError: true,
    validate: fieldValidation !== "Ignore",
  });
  const writer = new ObjectWriter(await factory.transport(), { dryRun, fieldManager: values["field-manager"], fieldValidation });
  const { savedConfig } = await import("../apply/saved-config.ts");
  let count = 0;
  await result.visit(async (info) => {
    const object = savedConfig(info.object as UnstructuredObject, values["save-config"]);
    const created = dryRun === "client" ? object : await writer.create(info, object).catch((error: unknown) => Promise.reject(withSource("creating", info.source, error)));
    count += 1;
    factory.io.out(printer.print(created));
  });
  if (count === 0) throw new CommandError("no objects passed to create");
}
