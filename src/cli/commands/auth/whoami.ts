// Behaviour: k8s.io/kubectl/pkg/cmd/auth/whoami.go.
import { isForbidden, isNotFound } from "../../../api/errors.ts";
import type { SelfSubjectReview } from "../../../api/generated/types/authentication/v1.ts";
import type { UnstructuredObject } from "../../../api/object.ts";
import { requestBody } from "../../../client/rest-client.ts";
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import type { Factory } from "../../factory.ts";
import { changeFormats, noPrinter, objectPrinter, printFlags } from "../../print-flags.ts";
import { goText } from "../../printers/go-values.ts";
import { layOut, tableSettings } from "../../printers/tab-writer.ts";

export default defineCommand({
  use: "whoami",
  summary: "Experimental: Check self subject attributes",
  description: "Shows as whom the server sees you: name, groups, extra attributes.",
  examples: `
    # Who am I?
    kubectl auth whoami`,
  flags: printFlags,
  async toOptions(factory, _args, { values }) {
    const printer = await objectPrinter(values);
    if (values.output !== "" && printer === undefined) throw noPrinter(values.output, changeFormats);
    return { factory, printer };
  },
  async run({ factory, printer }, io) {
    const review = await selfReview(factory);
    io.out(printer === undefined ? tableOf(review) : printer.print(review as unknown as UnstructuredObject));
  },
});

async function selfReview(factory: Factory): Promise<SelfSubjectReview> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview", metadata: {}, status: { userInfo: {} } };
  try {
    return await requestBody<SelfSubjectReview>(await factory.transport(), { method: "POST", path: "/apis/authentication.k8s.io/v1/selfsubjectreviews", body });
  } catch (error) {
    if (isForbidden(error)) throw new CommandError("the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it");
    if (isNotFound(error)) throw new CommandError("the selfsubjectreviews API is not enabled in the cluster");
    throw error;
  }
}

function tableOf({ status }: SelfSubjectReview): string {
  const { username, uid, groups, extra } = status?.userInfo ?? {};
  const rows = [["ATTRIBUTE", "VALUE"]];
  if (username) rows.push(["Username", username]);
  if (uid) rows.push(["UID", uid]);
  if (groups?.length) rows.push(["Groups", goText(groups)]);
  for (const key of Object.keys(extra ?? {}).sort()) rows.push([`Extra: ${key}`, goText(extra?.[key])]);
  return layOut(rows.map((cells) => `${cells.join("\t")}\n`).join(""), tableSettings);
}
