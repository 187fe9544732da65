import { expect, it } from "vitest";
import { FakeClock } from "../util/fake-clock.ts";
import { silentLogger } from "../util/logger.ts";
import { sandboxOptions } from "./container-options.ts";
import { ContainerRuntime } from "./container-runtime.ts";
import { type Docker, DockerError } from "./docker.ts";
import { pod } from "./pod-fixture.ts";

it("makes the sandboxes' image again when somebody removed it", async () => {
  let made = 0;
  const refuse = () => Promise.reject(new DockerError("No such image: skiff-pause:1", 125));
  const docker: Docker = {
    start: () => (made === 0 ? refuse() : Promise.resolve("4f\n")),
    run: refuse,
    call: () => Promise.resolve({ exitCode: 1, stdout: "[]", stderr: "" }),
  };
  const runtime = new ContainerRuntime({ docker, dockerCommand: "docker", clusterId: "c", clock: new FakeClock(), logger: silentLogger, ensureSandboxImage: async () => void made++ });
  const options = sandboxOptions({ pod: pod(), owner: { clusterId: "c", node: "n" }, attempt: 0, network: "skiff-c", podIP: "10.244.0.2", hostname: "p", dns: { servers: [], searches: [], options: [] }, volumes: [] });
  expect(await runtime.runSandbox(options)).toMatchObject({ id: "4f", state: "running" });
  expect(made).toBe(1);
});
