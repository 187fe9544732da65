// Behaviour: k8s.io/kubernetes/pkg/registry/core/pod/rest/subresources.go: exec, attach and port-forward.
import { StatusError, badRequest } from "../../api/errors.ts";
import type { Status } from "../../api/generated/types/meta/v1.ts";
import type { ContainerStreams, NodeConnection } from "../../api/node-connection.ts";
import type { Call } from "../call.ts";
import type { ServerResponse } from "../message.ts";
import { admissionRequest } from "../registry/create-object.ts";
import { isTrue } from "../request-info.ts";
import { servePortForward } from "../streaming/port-forward.ts";
import { type RemoteCommand, acceptRemoteCommand } from "../streaming/remote-command.ts";
import type { UpgradeConnection } from "../streaming/upgrade.ts";
import { type StoredPod, chooseContainer, connectionOf, podOf, podReference } from "./pod-target.ts";
import type { Subresource } from "./subresource.ts";

/** Runs a command for a connected client; resolves with its exit code, or undefined when there is none. */
type Run = (node: NodeConnection, pod: StoredPod, container: string, streams: ContainerStreams, signal: AbortSignal) => Promise<number | undefined>;

/** pods/exec. */
export const execSubresource = commandSubresource("exec", (call) => {
  const command = call.info.query.getAll("command");
  return (node, pod, container, streams, signal) => node.exec(podReference(pod), container, command, streams, signal);
});

/** pods/attach. */
export const attachSubresource = commandSubresource("attach", () => async (node, pod, container, streams, signal) => {
  await node.attach(podReference(pod), container, streams, signal);
  return undefined;
});

function commandSubresource(name: string, runOf: (call: Call) => Run): Subresource {
  const refuse = async (call: Call): Promise<ServerResponse> => {
    await prepareCommand(call);
    throw badRequest("Upgrade request required");
  };
  return {
    name,
    get: refuse,
    create: refuse,
    async upgrade(call, connection) {
      const { pod, container, node, options } = await prepareCommand(call);
      const remote = await acceptRemoteCommand(connection, options, call.parts.clock);
      await remote.finish(await outcome(remote, (streams) => runOf(call)(node, pod, container, streams, remote.signal), options.tty));
    },
  };
}

async function prepareCommand(call: Call) {
  const { query } = call.info;
  const pod = podOf(call);
  const container = chooseContainer(pod, query.get("container") ?? "");
  const node = connectionOf(call, pod);
  const tty = isTrue(query.get("tty"));
  const options = { stdin: isTrue(query.get("stdin")), stdout: isTrue(query.get("stdout")), stderr: isTrue(query.get("stderr")) && !tty, tty };
  if (!options.stdin && !options.stdout && !options.stderr) throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
  await admitConnection(call, { ...Object.fromEntries(query), command: query.getAll("command") });
  return { pod, container, node, options };
}

async function admitConnection(call: Call, options: object): Promise<void> {
  const request = admissionRequest(call, "CONNECT", undefined, undefined, options, false);
  await call.parts.admission.mutate(request);
  await call.parts.admission.validate(request);
}

async function outcome(remote: RemoteCommand, run: (streams: ContainerStreams) => Promise<number | undefined>, tty: boolean): Promise<Partial<Status>> {
  const { stdin, stdout, stderr, resizes } = remote;
  try {
    const code = await run({ ...(stdin && { stdin }), ...(stdout && { stdout }), ...(stderr && { stderr }), ...(resizes && { resizes }), tty });
    if (code === undefined || code === 0) return { status: "Success" };
    return {
      status: "Failure",
      message: `command terminated with non-zero exit code: exit status ${code}`,
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: String(code) }] },
    };
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    const message = error instanceof Error ? error.message : String(error);
    return { status: "Failure", message: `Internal error occurred: ${message}`, reason: "InternalError", details: { causes: [{ message }] }, code: 500 };
  }
}

/** pods/portforward. */
export const portForwardSubresource: Subresource = {
  name: "portforward",
  get: refusePortForward,
  create: refusePortForward,
  async upgrade(call, connection: UpgradeConnection) {
    const pod = podOf(call);
    const node = connectionOf(call, pod);
    await admitConnection(call, { ports: call.info.query.getAll("ports") });
    const reference = podReference(pod);
    await servePortForward(connection, reference, (port, signal) => node.portForward(reference, port, signal));
  },
};

async function refusePortForward(call: Call): Promise<ServerResponse> {
  connectionOf(call, podOf(call));
  throw badRequest("Upgrade request required");
}
