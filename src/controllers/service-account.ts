// Behaviour: pkg/controller/serviceaccount/serviceaccounts_controller.go: every namespace has its default ServiceAccount.
import { isAlreadyExists } from "../api/errors.ts";
import { namespaces, serviceAccounts } from "../api/resource-refs.ts";
import { isNamespaceTerminating } from "./pod-control.ts";
import type { Controller, ControllerContext } from "./runtime.ts";
import { watch } from "./runtime.ts";

const NAME = "default";

/** Makes the default ServiceAccount of each namespace, and makes it again when it was deleted. */
export function createServiceAccountController({ client, informers }: ControllerContext): Controller {
  const all = informers.informer(namespaces);
  const accounts = informers.informer(serviceAccounts);
  return {
    name: "serviceaccount-controller",
    watches: [
      watch(namespaces, ({ metadata: { name = "" } }) => [name], ({ type }) => type !== "deleted"),
      watch(serviceAccounts, ({ metadata: { namespace = "" } }) => [namespace], ({ type, object }) => type === "deleted" && object.metadata.name === NAME),
    ],
    async reconcile(namespace) {
      const isActive = all.get(namespace)?.status.phase === "Active";
      if (!isActive || accounts.get(`${namespace}/${NAME}`) !== undefined) return;
      try {
        await client.resource(serviceAccounts, namespace).create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: NAME, namespace } });
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
      }
    },
  };
}
