// Behaviour: k8s.io/kubectl/pkg/cmd/portforward/portforward.go.
import type { Service } from "../../api/generated/types/core/v1.ts";
import { pods } from "../../api/resource-refs.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { attachablePod } from "../exec/pod-choice.ts";
import { durationFlag, stringSliceFlag } from "../flags.ts";
import { forwardPorts } from "../port-forward/run.ts";
import { readPorts } from "../port-forward/ports.ts";
import { findResources } from "../resource-query.ts";

export default defineCommand({
  use: "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
  summary: "Forward one or more local ports to a pod",
  description: "For a workload or service one of its pods is taken. When it ends, forwarding ends too.",
  examples: `
    # The same port here and there
    kubectl port-forward pod/web-0 8080

    # Another one here
    kubectl port-forward deployment/web 8888:8080

    # A service's port by name, any free port here
    kubectl port-forward service/web :http

    # On every address
    kubectl port-forward --address 0.0.0.0 pod/web-0 8080`,
  flags: {
    address: stringSliceFlag("Addresses to listen on: IP addresses or localhost.", { default: ["localhost"] }),
    "pod-running-timeout": durationFlag("How long (like 5s, 2m, or 3h, higher than zero) to wait until a pod is running.", { default: 60_000, defaultText: "1m0s" }),
  },
  async toOptions(factory, args, { values }) {
    const [resource = "", ...words] = args;
    if (args.length < 2) throw new UsageError("TYPE/NAME and list of ports are required for port-forward");
    const timeoutMs = values["pod-running-timeout"];
    if (timeoutMs <= 0) throw new UsageError("--pod-running-timeout must be higher than zero");
    const result = await findResources(factory, { type: "pods", args: [resource], namespace: await factory.namespace() });
    const [info] = await result.infos();
    if (info?.object === undefined) throw new CommandError("pod name or resource type/name must be specified");
    const pod = await attachablePod(factory, info.object, timeoutMs);
    const service = info.object.kind === "Service" ? (info.object as unknown as Service) : undefined;
    return { factory, pod, ports: readPorts(words, pod, service), addresses: values.address };
  },
  async run({ factory, pod, ports, addresses }) {
    const client = (await factory.client()).resource(pods, pod.metadata.namespace);
    const present = await client.get(pod.metadata.name ?? "");
    if (present.status?.phase !== "Running") throw new CommandError(`unable to forward port because pod is not running. Current status=${present.status?.phase ?? ""}`);
    await forwardPorts(factory, present, ports, addresses);
  },
});
