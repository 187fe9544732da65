// Behaviour: pkg/controller/certificates/rootcacertpublisher: pods find the CA of their API server in a ConfigMap of their namespace.
import { semanticEqual } from "../api/equality.ts";
import { isAlreadyExists } from "../api/errors.ts";
import { configMaps, namespaces } from "../api/resource-refs.ts";
import { isNamespaceTerminating } from "./pod-control.ts";
import type { Controller, ControllerContext } from "./runtime.ts";
import { watch } from "./runtime.ts";

const NAME = "kube-root-ca.crt";
const DESCRIPTION = "kubernetes.io/description";
const DESCRIPTION_TEXT =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Keeps the ConfigMap with `rootCertificate` (PEM) in each namespace. */
export function createRootCaPublisher({ client, informers }: ControllerContext, rootCertificate: string): Controller {
  const all = informers.informer(namespaces);
  const maps = informers.informer(configMaps);
  const data = { "ca.crt": rootCertificate };
  return {
    name: "root-ca-certificate-publisher-controller",
    watches: [
      watch(namespaces, ({ metadata: { name = "" } }) => [name], ({ type }) => type !== "deleted"),
      watch(configMaps, ({ metadata: { namespace = "" } }) => [namespace], ({ type, object }) => type !== "added" && object.metadata.name === NAME),
    ],
    async reconcile(namespace) {
      if (all.get(namespace)?.status.phase !== "Active") return;
      const current = maps.get(`${namespace}/${NAME}`);
      const annotations = { ...current?.metadata.annotations, [DESCRIPTION]: DESCRIPTION_TEXT };
      if (current !== undefined && semanticEqual(current.data, data) && semanticEqual(current.metadata.annotations, annotations)) return;
      const resource = client.resource(configMaps, namespace);
      try {
        const metadata = { ...(current?.metadata ?? { name: NAME, namespace }), annotations };
        const wanted = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
        await (current === undefined ? resource.create(wanted) : resource.update({ ...current, ...wanted }));
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
      }
    },
  };
}
