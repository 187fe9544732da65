import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { notFound } from "../../api/errors.ts";
import type { Volume } from "../../api/generated/types/core/v1.ts";
import type { ApiClient } from "../../client/client.ts";
import { container, pod } from "../pod-fixture.ts";
import { writeAtomically } from "./atomic-writer.ts";
import { prepareHostPath } from "./host-path.ts";
import { PodVolumes } from "./pod-volumes.ts";
import { volumeFiles, type VolumeFilesInput } from "./volume-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-volumes-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string, mode = 0o644) => ({ content: Buffer.from(text), mode });

describe("files that change at once", () => {
  it("are seen by their names, and replaced by the switch of one link", async () => {
    expect(await writeAtomically(folder, new Map([["a", file("1")], ["d/b", file("2", 0o600)]]), "v1")).toBe(true);
    expect([readFileSync(join(folder, "a"), "utf8"), readFileSync(join(folder, "d/b"), "utf8"), statSync(join(folder, "d/b")).mode & 0o777]).toEqual(["1", "2", 0o600]);
    expect(await writeAtomically(folder, new Map([["a", file("1")], ["d/b", file("2")]]), "v2")).toBe(false);
    expect(await writeAtomically(folder, new Map([["a", file("3")], ["c", file("4")]]), "v3")).toBe(true);
    expect([readdirSync(folder).sort(), readlinkSync(join(folder, "..data")), readFileSync(join(folder, "a"), "utf8")]).toEqual([["..data", "..v3", "a", "c"], "..v3", "3"]);
  });
});

const input: VolumeFilesInput = {
  pod: { ...pod(), metadata: { ...pod().metadata, labels: { app: "x" } } },
  source: {
    configMap: async (_namespace, name) => {
      if (name !== "m") throw notFound({ group: "", resource: "configmap" }, name);
      return { apiVersion: "v1", kind: "ConfigMap", metadata: {}, data: { a: "1" }, binaryData: { bin: "AAE=" } };
    },
    secret: async () => ({ apiVersion: "v1", kind: "Secret", metadata: {}, data: { k: "dg==" } }),
  },
  addresses: { podIP: "10.244.0.2", hostIP: "10.244.0.1" },
  node: { cpu: "2", memory: "1Gi", "ephemeral-storage": "1Gi" },
  token: async (audience, seconds) => `token for ${audience} and ${seconds}`,
};

async function files(volume: Volume) {
  return Object.fromEntries([...(await volumeFiles(input, volume))].map(([path, { content, mode }]) => [path, `${Buffer.from(content).toString("latin1")} ${mode.toString(8)}`]));
}

describe("configuration volumes", () => {
  it("hold all keys, or the chosen ones", async () => {
    expect(await files({ name: "v", configMap: { name: "m" } })).toEqual({ a: "1 644", bin: "\u0000\u0001 644" });
    expect(await files({ name: "v", secret: { secretName: "s", defaultMode: 0o400, items: [{ key: "k", path: "p/q", mode: 0o440 }] } })).toEqual({ "p/q": "v 440" });
  });

  it("are projected together", async () => {
    const sources = [{ serviceAccountToken: { path: "token", expirationSeconds: 3607 } }, { configMap: { name: "m", items: [{ key: "a", path: "ca.crt" }] } }, { downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } }];
    expect(await files({ name: "v", projected: { sources } })).toEqual({ token: "token for  and 3607 644", "ca.crt": "1 644", labels: 'app="x" 644' });
  });

  it.each([
    [{ configMap: { name: "none" } }, 'configmap "none" not found'],
    [{ secret: { secretName: "s", items: [{ key: "zz", path: "p" }] } }, "references non-existent secret key: zz"],
    [{ configMap: { name: "m", items: [{ key: "zz", path: "p" }] } }, "references non-existent config key: zz"],
  ])("say what is missing: %o", async (source, message) => {
    await expect(files({ name: "v", ...source })).rejects.toThrow(message);
  });

  it("may be empty when they are optional", async () => {
    expect(await files({ name: "v", configMap: { name: "none", optional: true } })).toEqual({});
  });
});

describe("hostPath", () => {
  it("has to be what it is said to be", async () => {
    await expect(prepareHostPath({ path: join(folder, "none"), type: "Directory" })).rejects.toThrow(`hostPath type check failed: ${folder}/none is not a directory`);
    await prepareHostPath({ path: join(folder, "new"), type: "DirectoryOrCreate" });
    await prepareHostPath({ path: join(folder, "new/file"), type: "FileOrCreate" });
    await expect(prepareHostPath({ path: join(folder, "new"), type: "File" })).rejects.toThrow("is not a file");
  });
});

describe("a pod's volumes", () => {
  const mounted = (volume: Volume, more = {}) => ({ ...input, pod: pod({ volumes: [volume], containers: [container("c", { volumeMounts: [{ name: "v", mountPath: "/v", ...more }] })] }) });
  const volumesHere = () => new PodVolumes({ folder, owner: { clusterId: "k", node: "n" }, client: {} as ApiClient, stamp: () => "v1" });

  it("are folders that every user can write to, and their parts", async () => {
    const volumes = volumesHere();
    const sources = await volumes.setUp(mounted({ name: "v", emptyDir: {} }));
    const { mounts } = await volumes.mounts([{ name: "v", mountPath: "/v" }, { name: "v", mountPath: "/w", subPath: "a/b", readOnly: true }], sources, new Map());
    const root = join(folder, "u1/volumes/kubernetes.io~empty-dir/v");
    expect([mounts, statSync(root).mode & 0o777]).toEqual([[{ source: root, target: "/v", readOnly: false }, { source: join(root, "a/b"), target: "/w", readOnly: true }], 0o777]);
    await volumes.tearDown("u1");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("do not let a part lead out of them", async () => {
    const volumes = volumesHere();
    const sources = await volumes.setUp(mounted({ name: "v", emptyDir: {} }));
    symlinkSync("/etc", join(folder, "u1/volumes/kubernetes.io~empty-dir/v/out"));
    await expect(volumes.mounts([{ name: "v", mountPath: "/v", subPath: "out" }], sources, new Map())).rejects.toThrow("must not leave the volume");
  });

  it("live in Docker's memory when they are to", async () => {
    const volumes = volumesHere();
    const sources = await volumes.setUp(mounted({ name: "v", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }));
    expect(volumes.memoryVolumes(sources)).toEqual([{ volume: "k8s_u1_v", target: "/volumes/v", readOnly: false, sizeBytes: 1048576n, labels: { "dev.skiff.cluster": "k", "io.kubernetes.pod.uid": "u1" } }]);
  });

  it("say which of them cannot be set up", async () => {
    await expect(volumesHere().setUp(mounted({ name: "v", nfs: { server: "s", path: "/" } }))).rejects.toThrow('MountVolume.SetUp failed for volume "v" : no volume plugin matched: nfs volumes are not supported by this node');
  });

  it("leave what they need readable for others", async () => {
    mkdirSync(join(folder, "x"));
    chmodSync(join(folder, "x"), 0o700);
    writeFileSync(join(folder, "x/y"), "");
    const volumes = volumesHere();
    await volumes.setUp(mounted({ name: "v", configMap: { name: "m" } }));
    expect(statSync(join(folder, "u1/volumes/kubernetes.io~configmap/v/a")).mode & 0o777).toBe(0o644);
  });
});
