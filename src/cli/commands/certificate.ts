// Behaviour: k8s.io/kubectl/pkg/cmd/certificates/certificates.go.
import type { CertificateSigningRequest } from "../../api/generated/types/certificates/v1.ts";
import { isConflict } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { formatTime } from "../../util/clock.ts";
import { type Command, defineCommand, defineGroup, inlineEntry } from "../command.ts";
import { CommandError } from "../errors.ts";
import { filenameFlags, filenameOptions } from "../flag-groups.ts";
import { boolFlag } from "../flags.ts";
import { ObjectWriter } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { typedPrinter } from "../printers/typed.ts";
import { findResources } from "../resource-query.ts";
import { getObject } from "../resource-requests.ts";

const MAX_TRIES = 10;

export default defineGroup({ use: "certificate SUBCOMMAND", summary: "Modify certificate resources" }, [
  inlineEntry(decision("approve", "Approved", "Denied", "KubectlApprove", "This CSR was approved by kubectl certificate approve.")),
  inlineEntry(decision("deny", "Denied", "Approved", "KubectlDeny", "This CSR was denied by kubectl certificate deny.")),
]);

/** A command that sets a condition of certificate signing requests. */
function decision(verb: "approve" | "deny", type: string, opposite: string, reason: string, message: string): Command {
  const done = type.toLowerCase();
  return defineCommand({
    use: `${verb} (-f FILENAME | NAME)`,
    summary: `${verb === "approve" ? "Approve" : "Deny"} a certificate signing request`,
    examples: `
      # A request
      kubectl certificate ${verb} web`,
    flags: { ...printFlags, ...filenameFlags("File, folder or address that names the requests."), force: boolFlag("Update requests that are decided already.") },
    async toOptions(factory, args, { values }) {
      return { factory, args, values, printer: typedPrinter(await changePrinter(values, done), values) };
    },
    validate({ args, values }) {
      if (args.length === 0 && values.filename.length === 0 && values.kustomize === "") {
        throw new CommandError("one or more CSRs must be specified as <name> or -f <filename>");
      }
    },
    async run({ factory, args, values, printer }, io) {
      const names = args.length === 0 ? {} : { type: "certificatesigningrequests", args };
      const result = await findResources(factory, { ...names, files: filenameOptions(values), namespace: await factory.namespace(), continueOnError: true, flatten: true, latest: true });
      const writer = new ObjectWriter(await factory.transport());
      let found = 0;
      await result.visit(async (info) => {
        found += 1;
        let object = info.object as UnstructuredObject;
        for (let tries = 1; ; tries++) {
          const { status } = object as unknown as CertificateSigningRequest;
          const conditions = status?.conditions ?? [];
          if (conditions.some((condition) => condition.type === opposite)) throw new CommandError(`certificate signing request ${JSON.stringify(info.name)} is already ${opposite}`);
          if (conditions.some((condition) => condition.type === type) && !values.force) break;
          const now = formatTime(io.clock.now());
          const condition = { type, status: "True", reason, message, lastUpdateTime: now, lastTransitionTime: now };
          try {
            const next = [...conditions.filter((one) => one.type !== type), condition];
            object = await writer.replace(info, { ...object, status: { ...status, conditions: next } }, "approval");
            break;
          } catch (error) {
            if (!isConflict(error) || tries === MAX_TRIES) throw error;
            object = await getObject(await factory.transport(), info);
          }
        }
        io.out(printer.print(object));
      });
      if (found === 0) io.out("No resources found\n");
    },
  });
}
