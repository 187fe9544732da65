// Runs before the tests: an engine that answers and the images that they use.
import { ensureDockerEngine, NoDockerEngineError } from "./docker-engine.ts";
import { busyboxImage, ensureImage, helloImage } from "./images.ts";

try {
  await ensureDockerEngine((line) => console.log(line));
  for (const image of [busyboxImage, helloImage("1.0", "Hello Kubernetes!"), helloImage("2.0", "Hello Kubernetes, again!")]) ensureImage(image, "tests");
} catch (error) {
  if (!(error instanceof NoDockerEngineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
