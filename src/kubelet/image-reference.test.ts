import { expect, it } from "vitest";
import { defaultTag, fullName, imageNameError } from "./image-reference.ts";

it.each([
  ["busybox", "docker.io/library/busybox:latest"],
  ["busybox:1.36", "docker.io/library/busybox:1.36"],
  ["me/app", "docker.io/me/app:latest"],
  ["localhost/app:1", "localhost/app:1"],
  ["r.example:5000/a/b", "r.example:5000/a/b:latest"],
  [`r.example/a@sha256:${"0".repeat(64)}`, `r.example/a@sha256:${"0".repeat(64)}`],
])("%s is %s", (name, full) => {
  expect(fullName(defaultTag(name))).toBe(full);
});

it.each([
  ["Not Valid", "invalid reference format: repository name (library/Not Valid) must be lowercase"],
  ["a//b", "invalid reference format"],
  ["busybox:bad tag", "invalid reference format"],
  ["busybox:1.36", undefined],
])("%s: %s", (name, error) => {
  expect(imageNameError(name)).toBe(error);
});
