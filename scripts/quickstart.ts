// npm run quickstart: the main job from start to end, each command shown as one would type it.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDockerEngine, NoDockerEngineError } from "./docker-engine.ts";
import { ensureImage, helloImage } from "./images.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const skiffProgram = join(root, "bin/skiff");

/** Shows a skiff command, runs it, and returns what it printed; ends the quickstart when it fails. */
function skiff(args: readonly string[], show = true): string {
  if (show) console.log(`\n$ skiff ${args.join(" ")}`);
  const result = spawnSync(skiffProgram, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (show) process.stdout.write(result.stdout);
  if (result.status !== 0) throw new Error(`skiff ${args.join(" ")} failed`);
  return result.stdout;
}

/** Asks each running pod of the sample for its page, from this machine where pod addresses are reachable, else from inside. */
async function curlPods(): Promise<void> {
  const template = '{range .items[*]}{.metadata.name} {.status.podIP} {.metadata.deletionTimestamp}{"\\n"}{end}';
  const pods = skiff(["get", "pods", "-l", "app=hello-kubernetes", "-o", `jsonpath=${template}`], false)
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([name, , deletion]) => name !== "" && name !== undefined && (deletion ?? "") === "");
  for (const [name = "", address = ""] of pods) {
    console.log(`\n$ curl http://${address}:8080   # ${name}`);
    process.stdout.write(process.platform === "linux" ? await (await fetch(`http://${address}:8080`)).text() : skiff(["exec", name, "--", "wget", "-qO-", "http://127.0.0.1:8080"], false));
  }
}

async function quickstart(): Promise<void> {
  await ensureDockerEngine((line) => console.log(line));
  ensureImage(helloImage("1.0", "Hello Kubernetes!"), "quickstart");
  ensureImage(helloImage("2.0", "Hello Kubernetes, again!"), "quickstart");
  skiff(["up"]);
  skiff(["apply", "-f", "manifests/examples/hello.yaml"]);
  skiff(["rollout", "status", "deployment/hello-kubernetes"]);
  skiff(["get", "pods", "-o", "wide"]);
  await curlPods();
  skiff(["set", "image", "deployment/hello-kubernetes", "hello-kubernetes=hello-kubernetes:2.0"]);
  skiff(["rollout", "status", "deployment/hello-kubernetes"]);
  await curlPods();
  skiff(["rollout", "history", "deployment/hello-kubernetes"]);
  skiff(["rollout", "undo", "deployment/hello-kubernetes"]);
  skiff(["rollout", "status", "deployment/hello-kubernetes"]);
  await curlPods();
  console.log(`
The cluster is yours now. Try next:
  bin/skiff get all                                  what runs
  bin/skiff describe deployment hello-kubernetes     how it came about
  bin/skiff scale deployment hello-kubernetes --replicas=5
  bin/skiff logs -l app=hello-kubernetes
  kubectl --context skiff get pods                   any other Kubernetes tool works, too
  bin/skiff down                                     stop it (--delete removes every trace)`);
}

try {
  await quickstart();
} catch (error) {
  console.error(error instanceof NoDockerEngineError ? error.message : `quickstart: ${(error as Error).message}`);
  process.exitCode = 1;
}
