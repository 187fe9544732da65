// Behaviour: k8s.io/kubectl/pkg/cmd/auth/cani.go.
import type { SelfSubjectAccessReview, SelfSubjectRulesReview } from "../../../api/generated/types/authorization/v1.ts";
import type { PolicyRule } from "../../../api/generated/types/rbac/v1.ts";
import { requestBody } from "../../../client/rest-client.ts";
import { defineCommand } from "../../command.ts";
import { compactRules, resourceText } from "../../describe/rbac.ts";
import { CommandError, NoResourceMatchError } from "../../errors.ts";
import type { Factory } from "../../factory.ts";
import { boolFlag, stringFlag } from "../../flags.ts";
import type { IO } from "../../io.ts";
import { goText } from "../../printers/go-values.ts";
import { layOut, tableSettings } from "../../printers/tab-writer.ts";
import { WarningPrinter } from "../../warning-printer.ts";

const RESOURCE_VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind", "impersonate", "*", "approve", "sign", "escalate", "attest"];
const PATH_VERBS = ["get", "put", "post", "head", "options", "delete", "patch", "*"];
/** Resources that rules know and no server lists. */
const VIRTUAL = ["users", "groups"];

/** What is asked about. */
interface Subject {
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly path: string;
}

interface CanIOptions {
  readonly factory: Factory;
  readonly list: boolean;
  readonly quiet: boolean;
  readonly noHeaders: boolean;
  readonly allNamespaces: boolean;
  readonly subresource: string;
  readonly namespace: string;
  readonly verb: string;
  readonly subject: Subject;
  readonly warn: (text: string) => void;
}

export default defineCommand({
  use: "can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
  summary: "Check whether an action is allowed",
  description: "VERB is one of the API's verbs, TYPE a resource (short names and groups are understood), NONRESOURCEURL a path that begins with \"/\".",
  examples: `
    # Create pods in any namespace?
    kubectl auth can-i create pods --all-namespaces

    # Everything in the present namespace?
    kubectl auth can-i '*' '*'

    # All that is allowed
    kubectl auth can-i --list`,
  flags: {
    "all-namespaces": boolFlag("Ask about all namespaces.", { shorthand: "A" }),
    list: boolFlag("Print all that is allowed."),
    "no-headers": boolFlag("Leave the header line out."),
    quiet: boolFlag("Print nothing; the exit code says it.", { shorthand: "q" }),
    subresource: stringFlag("Ask about this subresource, e.g. log or scale."),
  },
  async toOptions(factory, args, { values }): Promise<CanIOptions> {
    const printer = new WarningPrinter(factory.io);
    const warn = (text: string) => printer.print(text);
    const [verb = "", what = ""] = args;
    if (values.list && args.length > 0) throw new CommandError("list option must be specified with no arguments");
    if (!values.list && args.length !== 2) {
      throw new CommandError("you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.");
    }
    if (!values.list) await checkKnown(verb, what, values["all-namespaces"], factory, warn);
    return {
      factory,
      list: values.list,
      quiet: values.quiet,
      noHeaders: values["no-headers"],
      allNamespaces: values["all-namespaces"],
      subresource: values.subresource,
      namespace: values["all-namespaces"] ? "" : (await factory.namespace()).name,
      verb,
      subject: values.list ? { group: "", resource: "", name: "", path: "" } : await subjectOf(what, factory),
      warn,
    };
  },
  validate({ list, quiet, allNamespaces, subresource, noHeaders, subject }) {
    if (list && (quiet || allNamespaces || subresource !== "")) throw new CommandError("list option can't be specified with neither quiet, all-namespaces nor subresource options");
    if (!list && subject.path !== "" && subresource !== "") throw new CommandError("--subresource can not be used with NonResourceURL");
    if (!list && noHeaders) throw new CommandError("--no-headers cannot be set without --list specified");
  },
  run: (options, io) => (options.list ? listAccess(options, io) : checkAccess(options, io)),
});

async function subjectOf(what: string, factory: Factory): Promise<Subject> {
  if (what.startsWith("/")) return { group: "", resource: "", name: "", path: what };
  const slash = what.indexOf("/");
  const [type, name] = slash === -1 ? [what, ""] : [what.slice(0, slash), what.slice(slash + 1)];
  if (type === "*") return { group: "", resource: "*", name, path: "" };
  try {
    const { group, resource } = await (await factory.mapper()).resource(type);
    return { group, resource, name, path: "" };
  } catch (error) {
    if (!(error instanceof NoResourceMatchError)) throw error;
    return { group: "", resource: type, name, path: "" };
  }
}

/** Warns of verbs and resources that nobody knows. */
async function checkKnown(verb: string, what: string, allNamespaces: boolean, factory: Factory, warn: (text: string) => void): Promise<void> {
  if (what.startsWith("/")) {
    if (!PATH_VERBS.includes(verb)) warn(`verb '${verb}' is not a known verb\n`);
    return;
  }
  const [type = ""] = what.split("/");
  if (type !== "*") {
    const mapping = await (await factory.mapper()).resource(type).catch((error: unknown) => {
      if (!(error instanceof NoResourceMatchError)) throw error;
      if (!VIRTUAL.includes(type)) warn(`the server doesn't have a resource type '${error.resource}'${error.group === "" ? "" : ` in group '${error.group}'`}\n`);
      return undefined;
    });
    if (mapping !== undefined && !mapping.namespaced && !allNamespaces) warn(`resource '${mapping.resource}' is not namespace scoped${mapping.group === "" ? "" : ` in group '${mapping.group}'`}\n`);
  }
  if (!allNamespaces && !RESOURCE_VERBS.includes(verb)) warn(`verb '${verb}' is not a known verb\n`);
}

async function checkAccess({ factory, verb, subject, namespace, subresource, quiet }: CanIOptions, io: IO): Promise<number> {
  const { group, resource, name, path } = subject;
  const attributes = path === "" ? { resourceAttributes: { namespace, verb, group, resource, subresource, name } } : { nonResourceAttributes: { verb, path } };
  const { status } = await review<SelfSubjectAccessReview>(factory, "SelfSubjectAccessReview", attributes);
  const allowed = status?.allowed === true;
  const reasons = [status?.reason, status?.evaluationError].filter((reason) => reason).map((reason) => ` - ${reason}`);
  if (!quiet) io.out(allowed ? "yes\n" : `no${reasons.join("")}\n`);
  return allowed ? 0 : 1;
}

async function listAccess({ factory, namespace, noHeaders, warn }: CanIOptions, io: IO): Promise<void> {
  const { status } = await review<SelfSubjectRulesReview>(factory, "SelfSubjectRulesReview", { namespace });
  if (status?.incomplete === true) warn(`the list may be incomplete: ${status.evaluationError ?? ""}`);
  const rules: PolicyRule[] = [...(status?.resourceRules ?? []), ...(status?.nonResourceRules ?? [])];
  const lines = compactRules(rules).map((rule) => [resourceText(rule), goText(rule.nonResourceUrls), goText(rule.resourceNames), goText(rule.verbs)]);
  const header = noHeaders ? [] : [["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]];
  io.out(layOut([...header, ...lines].map((cells) => `${cells.join("\t")}\n`).join(""), tableSettings));
}

async function review<T>(factory: Factory, kind: string, spec: object): Promise<T> {
  const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
  const body = { apiVersion: "authorization.k8s.io/v1", kind, metadata: {}, spec };
  return requestBody<T>(await factory.transport(), { method: "POST", path, body });
}
