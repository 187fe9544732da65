import { expect, it } from "vitest";
import { bootstrapObjectsText } from "../../api/generated/bootstrap-objects.ts";
import { type KubernetesObject, parseApiVersion } from "../../api/object.ts";
import { builtInResources } from "./index.ts";
import { create } from "./shared/test-requests.ts";

it("accepts what a new cluster is born with", () => {
  const objects = JSON.parse(bootstrapObjectsText) as KubernetesObject[];
  const refused = objects.flatMap((object) => {
    const resource = builtInResources.find(({ group, kind }) => group === parseApiVersion(object.apiVersion)?.group && kind === object.kind);
    return resource === undefined ? [`${object.kind} is not served`] : create(resource, object).errors;
  });
  expect(objects.length).toBeGreaterThan(150);
  expect(refused).toEqual([]);
});
