import { expect, it } from "vitest";
import type { Container } from "../api/generated/types/core/v1.ts";
import { containerOptions, sandboxOptions } from "./container-options.ts";
import { runContainerArgs, runSandboxArgs, updateArgs } from "./docker-args.ts";
import { podDns } from "./dns.ts";
import { container, pod } from "./pod-fixture.ts";

const owner = { clusterId: "k", node: "n" };
const image = { id: "sha256:1", statusId: "docker://sha256:1", user: "", stopSignal: undefined, size: 1, names: [] };

/** The arguments without labels, as one line. */
function line(args: readonly string[]): string {
  return args.filter((arg, index) => arg !== "--label" && args[index - 1] !== "--label").join(" ");
}

function containerLine(of: Container, spec = pod()): string {
  const options = containerOptions({ pod: spec, container: of, owner, attempt: 2, sandboxId: "SB", image, environment: new Map([["A", "1"]]), mounts: [{ source: "/src", target: "/dst", readOnly: true }], volumes: [], memoryCapacity: 1024n ** 3n });
  return line(runContainerArgs(options));
}

it("runs a sandbox with the pod's address, name, ports and labels", () => {
  const spec = pod({ containers: [container("c", { ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }] })] });
  const args = runSandboxArgs(sandboxOptions({ pod: spec, owner, attempt: 0, network: "skiff-k", podIP: "10.244.0.2", hostname: "p", dns: { servers: [], searches: [], options: [] }, volumes: [] }));
  expect(line(args)).toBe(
    "run --detach --pull never --name k8s_POD_p_default_u1_0 --log-driver none --cpu-shares 2 --ipc shareable --network skiff-k --ip 10.244.0.2 --hostname p --publish 8080:80/tcp skiff-pause:1",
  );
  expect(args).toEqual(expect.arrayContaining(["dev.skiff.cluster=k", "dev.skiff.node=n", "io.kubernetes.pod.uid=u1", "io.kubernetes.container.name=POD", "dev.skiff.pod-ip=10.244.0.2"]));
});

it("runs a sandbox on the host's network without an address of its own", () => {
  const spec = pod({ hostNetwork: true, containers: [container("c", { ports: [{ containerPort: 80, hostPort: 80 }] })] });
  expect(line(runSandboxArgs(sandboxOptions({ pod: spec, owner, attempt: 0, network: "skiff-k", podIP: "", hostname: "p", dns: podDns(spec, undefined), volumes: [] })))).toBe(
    "run --detach --pull never --name k8s_POD_p_default_u1_0 --log-driver none --cpu-shares 2 --ipc shareable --network host skiff-pause:1",
  );
});

it("joins a container to its sandbox and gives it what its spec says", () => {
  const spec = container("c", {
    command: ["sh", "-c"],
    args: ["echo $(A)"],
    workingDir: "/w",
    tty: true,
    stdin: true,
    resources: { limits: { cpu: "500m", memory: "64Mi" }, requests: { cpu: "250m" } },
    securityContext: { runAsUser: 1000, runAsGroup: 2000, capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] }, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
  });
  expect(containerLine(spec, pod({ containers: [spec], securityContext: { fsGroup: 3000 } }))).toBe(
    "run --detach --pull never --name k8s_c_p_default_u1_2 --network container:SB --ipc container:SB --interactive --tty --user 1000:2000 --group-add 3000 " +
      "--cap-add NET_ADMIN --cap-drop ALL --read-only --security-opt no-new-privileges --workdir /w --oom-score-adj 999 " +
      "--cpus 0.500 --cpu-shares 256 --memory 67108864 --memory-swap 67108864 --env A=1 --volume /src:/dst:ro --entrypoint sh busybox:1.36 -c echo 1",
  );
});

it("leaves a container whose input ends with its first client to be started", () => {
  expect(containerLine(container("c", { stdin: true, stdinOnce: true }))).toContain("create --pull never --name k8s_c_p_default_u1_2");
  expect(containerLine(container("c", { stdinOnce: true }))).toContain("run --detach");
});

it("shares processes when the pod wants that", () => {
  expect(containerLine(container("c"), pod({ shareProcessNamespace: true }))).toContain("--pid container:SB");
  expect(containerLine(container("c"), pod({ hostPID: true }))).toContain("--pid host");
});

it("lets images with colons in their paths be mounted, and volumes live in memory", () => {
  const options = containerOptions({
    pod: pod(),
    container: container("c"),
    owner,
    attempt: 0,
    sandboxId: "SB",
    image,
    environment: new Map(),
    mounts: [{ source: "/a:b,c", target: "/dst", readOnly: false }],
    volumes: [{ volume: "k8s_u1_m", target: "/m", readOnly: false, sizeBytes: 1024n, labels: { "dev.skiff.cluster": "k" } }],
    memoryCapacity: 1n,
  });
  const args = runContainerArgs(options);
  expect(args).toContain('type=bind,"source=/a:b,c",target=/dst');
  expect(args).toContain("type=volume,source=k8s_u1_m,target=/m,volume-driver=local,volume-opt=type=tmpfs,volume-opt=device=tmpfs,\"volume-opt=o=mode=1777,size=1024\",volume-nocopy,volume-label=dev.skiff.cluster=k");
});

it("keeps to Docker's smallest limits", () => {
  expect(updateArgs("id", { cpuMillis: 1, memoryBytes: 1n }).join(" ")).toBe("update --cpus 0.010 --memory 6291456 --memory-swap 6291456 id");
});

it("looks names up at the cluster's server where the pod's policy says so", () => {
  const cluster = { address: "10.96.0.10", domain: "cluster.local" };
  const configured = pod({ dnsConfig: { nameservers: ["1.1.1.1"], options: [{ name: "ndots", value: "2" }] } });
  expect(podDns(configured, cluster)).toEqual({
    servers: ["10.96.0.10", "1.1.1.1"],
    searches: ["default.svc.cluster.local", "svc.cluster.local", "cluster.local"],
    options: ["ndots:2"],
  });
  expect(podDns(pod({ dnsPolicy: "Default" }), cluster)).toEqual({ servers: [], searches: [], options: [] });
});
