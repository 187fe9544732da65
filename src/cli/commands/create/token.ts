// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_token.go.
import type { TokenRequest } from "../../../api/generated/types/authentication/v1.ts";
import type { UnstructuredObject } from "../../../api/object.ts";
import { serviceAccounts } from "../../../api/resource-refs.ts";
import { defineCommand } from "../../command.ts";
import { nameOf } from "../../create/create-command.ts";
import { CommandError, messageOf } from "../../errors.ts";
import { type FlagValues, durationFlag, stringArrayFlag, stringFlag } from "../../flags.ts";
import { changePrinter, printFlags } from "../../print-flags.ts";
import { typedPrinter } from "../../printers/typed.ts";

const KINDS: readonly string[] = ["Node", "Pod", "Secret"];

const flags = {
  ...printFlags,
  audience: stringArrayFlag("Audience of the token; may be given several times. The API server if omitted."),
  "bound-object-kind": stringFlag(`Kind of an object that the token ends with: ${KINDS.join(", ")}. Together with --bound-object-name.`),
  "bound-object-name": stringFlag("Name of the object that the token ends with."),
  "bound-object-uid": stringFlag("UID of the object that the token ends with."),
  duration: durationFlag("How long the token is good for. The server decides if omitted, and may give another time."),
};

export default defineCommand({
  use: "token SERVICE_ACCOUNT_NAME",
  summary: "Request a service account token",
  examples: `
    # A token of a service account
    kubectl create token reader

    # One that is good for ten minutes
    kubectl create token reader --duration 10m

    # One that ends with a secret
    kubectl create token reader --bound-object-kind Secret --bound-object-name session`,
  flags,
  async toOptions(factory, args, { values }) {
    const name = nameOf(args);
    const namespace = await factory.namespace();
    return { name, namespace: namespace.name, client: await factory.client(), printer: typedPrinter(await changePrinter(values, "created"), values), values };
  },
  validate: ({ name, namespace, values }) => check(name, namespace, values),
  async run({ name, namespace, client, printer, values }, io) {
    const request = { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", metadata: {}, spec: specOf(values) };
    let response: TokenRequest;
    try {
      response = await client.resource(serviceAccounts, namespace).createSubresource<TokenRequest>(name, "token", request);
    } catch (error) {
      throw new CommandError(`failed to create token: ${messageOf(error)}`);
    }
    const token = response.status?.token ?? "";
    if (token === "") throw new CommandError("failed to create token: no token in server response");
    if (values.output !== "") io.out(printer.print(response as unknown as UnstructuredObject));
    else io.out(io.terminals.stdout ? `${token}\n` : token);
  },
});

function check(name: string, namespace: string, values: FlagValues<typeof flags>): void {
  const { "bound-object-kind": kind, "bound-object-name": boundName, "bound-object-uid": uid } = values;
  if (name === "") throw new CommandError("service account name is required");
  if (namespace === "") throw new CommandError("--namespace is required");
  if (values.duration < 0) throw new CommandError("--duration must be greater than or equal to 0");
  if (values.duration % 1000 !== 0) throw new CommandError("--duration cannot be expressed in units less than seconds");
  if (values.audience.includes("")) throw new CommandError("--audience must not be an empty string");
  if (kind === "" && boundName !== "") throw new CommandError("--bound-object-name can only be set if --bound-object-kind is provided");
  if (kind === "" && uid !== "") throw new CommandError("--bound-object-uid can only be set if --bound-object-kind is provided");
  if (kind !== "" && !KINDS.includes(kind)) throw new CommandError(`supported --bound-object-kind values are ${KINDS.join(", ")}`);
  if (kind !== "" && boundName === "") throw new CommandError("--bound-object-name is required if --bound-object-kind is provided");
}

function specOf(values: FlagValues<typeof flags>): object {
  const { "bound-object-kind": kind, "bound-object-name": name, "bound-object-uid": uid } = values;
  return {
    audiences: values.audience.length > 0 ? values.audience : null,
    ...(values.duration > 0 && { expirationSeconds: values.duration / 1000 }),
    ...(kind !== "" && { boundObjectRef: { kind, apiVersion: "v1", name, ...(uid !== "" && { uid }) } }),
  };
}
