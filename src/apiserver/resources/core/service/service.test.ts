import { describe, expect, it } from "vitest";
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import { create, requestContext, row, update } from "../../shared/test-requests.ts";
import { serviceResource } from "./service.ts";

const ports = [{ port: 80 }];
const service = (spec: object, stored: readonly Service[] = []) => {
  const outcome = create(serviceResource, { spec: { ports, ...spec } }, requestContext(stored));
  return { ...outcome, service: outcome.object as unknown as Service };
};

describe("services", () => {
  it("get an address and a node port that no other has", () => {
    const first = service({ type: "NodePort" }).service;
    expect(first.spec).toMatchObject({ clusterIP: expect.stringMatching(/^10\./), clusterIPs: [first.spec.clusterIP], ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack", ports: [{ targetPort: 80, protocol: "TCP" }] });
    const second = service({ type: "NodePort" }, [{ ...first, metadata: { name: "other", namespace: "default" } }]).service;
    expect(second.spec.clusterIP).not.toBe(first.spec.clusterIP);
    expect(second.spec.ports?.[0]?.nodePort).not.toBe(first.spec.ports?.[0]?.nodePort);
  });

  it("can ask for an address, once", () => {
    const first = service({ clusterIP: "10.96.0.10" }).service;
    expect(first.spec.clusterIPs).toEqual(["10.96.0.10"]);
    const other = { ...first, metadata: { name: "other", namespace: "default" } };
    expect(() => service({ clusterIP: "10.96.0.10" }, [other])).toThrow("failed to allocate IP 10.96.0.10: provided IP is already allocated");
  });

  it("without an address stay so", () => {
    expect(service({ clusterIP: "None" }).service.spec.clusterIPs).toEqual(["None"]);
  });

  it("lose what their new type has not", () => {
    const { object } = service({ type: "NodePort" });
    const next = update(serviceResource, object, ({ spec }: Service) => (spec.type = "ClusterIP"), requestContext()).object as unknown as Service;
    expect(next.spec.ports?.[0]?.nodePort).toBeUndefined();
  });

  it.each<[string, object, string[]]>([
    ["no ports", { ports: [] }, ["spec.ports: Required value"]],
    ["ports without names", { ports: [{ port: 80 }, { port: 81 }] }, ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"]],
    ["an unknown type", { type: "Foo" }, ['spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"']],
    ["a protocol that is none", { ports: [{ port: 80, protocol: "FOO" }] }, ['spec.ports[0].protocol: Unsupported value: "FOO": supported values: "SCTP", "TCP", "UDP"']],
    ["an external name that is none", { type: "ExternalName", externalName: "a_b" }, [expect.stringMatching(/^spec.externalName: Invalid value: "a_b": a lowercase RFC 1123 subdomain/)]],
  ])("are refused with %s", (_name, spec, errors) => {
    expect(service(spec).errors).toEqual(errors);
  });

  it("show their ports", () => {
    const { object } = service({ type: "NodePort", clusterIP: "10.96.0.5", ports: [{ port: 80, nodePort: 30080 }] });
    expect(row(serviceResource, object)).toMatchObject({ Type: "NodePort", "Cluster-IP": "10.96.0.5", "External-IP": "<none>", "Port(s)": "80:30080/TCP" });
  });
});
