import { describe, expect, it } from "vitest";
import type { Ingress, IngressClass, IPAddress, NetworkPolicy, ServiceCIDR } from "../../../api/generated/types/networking/v1.ts";
import { create, decodeObject, row, update } from "../shared/test-requests.ts";
import { ingressClassResource } from "./ingress-class.ts";
import { ingressResource } from "./ingress.ts";
import { ipAddressResource } from "./ip-address.ts";
import { networkPolicyResource } from "./network-policy.ts";
import { serviceCIDRResource } from "./service-cidr.ts";

const backend = { service: { name: "web", port: { number: 80 } } };
const path = { path: "/", pathType: "Prefix", backend };
const ingress = (spec: object) => create(ingressResource, { spec });
const ofPath = (change: object) => ingress({ rules: [{ http: { paths: [{ ...path, ...change }] } }] });

describe("ingresses", () => {
  it.each<[string, object, string[]]>([
    ["a relative path", { path: "x" }, ["must be an absolute path"]],
    ["a path that climbs", { path: "/a/.." }, ["cannot end with '/..'"]],
    ["a hidden slash", { path: "/a%2fb" }, ["must not contain '%2f'"]],
  ])("refuse %s", (_name, change, messages) => {
    expect(ofPath(change).errors).toEqual(messages.map((message) => `spec.rules[0].http.paths[0].path: Invalid value: ${JSON.stringify((change as { path: string }).path)}: ${message}`));
  });

  it("refuse backends that are none, or two", () => {
    const at = "spec.rules[0].http.paths[0].backend";
    expect(ofPath({ backend: {} }).errors).toEqual([`${at}: Invalid value: "": resource or service backend is required`]);
    expect(ofPath({ backend: { ...backend, resource: { kind: "K", name: "n" } } }).errors).toEqual([`${at}: Invalid value: "": cannot set both resource and service backends`]);
    expect(ofPath({ backend: { service: { name: "web", port: {} } } }).errors).toEqual([`${at}: Required value: port name or number is required`]);
  });

  it("refuse a class that contradicts the annotation, on creation only", () => {
    const metadata = { name: "x", namespace: "default", annotations: { "kubernetes.io/ingress.class": "a" } };
    const fields = { metadata, spec: { ingressClassName: "b", defaultBackend: backend } };
    expect(create(ingressResource, fields).errors).toEqual(['annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified']);
    expect(update(ingressResource, decodeObject(ingressResource, fields), (next: Ingress) => (next.spec.tls = [])).errors).toEqual([]);
  });

  it("show the first hosts and all addresses", () => {
    const rules = ["a", "b", "c", "d"].map((host) => ({ host }));
    const object = decodeObject(ingressResource, { spec: { rules, tls: [{}] }, status: { loadBalancer: { ingress: [{ ip: "10.0.0.2" }, { hostname: "h" }, { ip: "10.0.0.2" }] } } });
    expect(row(ingressResource, object)).toMatchObject({ Class: "<none>", Hosts: "a,b,c + 1 more...", Address: "10.0.0.2,h", Ports: "80, 443" });
  });
});

describe("ingress classes", () => {
  it("stay with their controller", () => {
    const { object, errors } = create(ingressClassResource, { spec: { controller: "a.b/c" } });
    expect(errors).toEqual([]);
    expect(update(ingressClassResource, object, (next: IngressClass) => (next.spec.controller = "x")).errors).toEqual([
      'spec.controller: Invalid value: "x": field is immutable',
      'spec.controller: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")',
    ]);
  });

  it("need a namespace for parameters in one", () => {
    const parameters = { kind: "K", name: "n", scope: "Namespace" };
    expect(create(ingressClassResource, { spec: { controller: "a.b/c", parameters } }).errors).toEqual(["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"]);
  });
});

describe("network policies", () => {
  it("are about what arrives, and about what leaves when they say so", () => {
    expect(create(networkPolicyResource, { spec: {} }).object).toMatchObject({ spec: { policyTypes: ["Ingress"] } });
    expect(create(networkPolicyResource, { spec: { egress: [{ ports: [{ port: 53 }] }] } }).object).toMatchObject({ spec: { policyTypes: ["Ingress", "Egress"], egress: [{ ports: [{ protocol: "TCP" }] }] } });
  });

  it.each<[string, object, string]>([
    ["ports that end before they begin", { ingress: [{ ports: [{ port: 80, endPort: 70 }] }] }, "spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`"],
    ["exceptions outside the range", { egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/16"] } }] }] }, 'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`'],
    ["ranges with bits of a host", { egress: [{ to: [{ ipBlock: { cidr: "10.0.0.1/8" } }] }] }, 'spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length'],
    ["peers that are none", { ingress: [{ from: [{}] }] }, "spec.ingress[0].from[0]: Required value: must specify a peer"],
  ])("refuse %s", (_name, spec, error) => {
    expect(create(networkPolicyResource, { spec }).errors).toEqual([error]);
  });

  it("keep ranges that they had", () => {
    const old = decodeObject(networkPolicyResource, { spec: { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.1/8" } }] }] } });
    expect(update(networkPolicyResource, old, (next: NetworkPolicy) => (next.spec.podSelector = { matchLabels: { a: "b" } })).errors).toEqual([]);
  });
});

describe("service address ranges", () => {
  it("become dual-stack, and change in no other way", () => {
    const { object, errors } = create(serviceCIDRResource, { spec: { cidrs: ["10.1.0.0/16"] } });
    expect(errors).toEqual([]);
    expect(update(serviceCIDRResource, object, (next: ServiceCIDR) => (next.spec.cidrs = ["10.1.0.0/16", "fd00::/112"])).errors).toEqual([]);
    expect(update(serviceCIDRResource, object, (next: ServiceCIDR) => (next.spec.cidrs = ["10.2.0.0/16"])).errors).toEqual(['spec.cidrs[0]: Invalid value: "10.2.0.0/16": field is immutable']);
    expect(create(serviceCIDRResource, { spec: { cidrs: ["10.1.0.0/16", "10.2.0.0/16"] } }).errors[0]).toContain("may specify no more than one IP for each IP family");
  });
});

describe("addresses", () => {
  it("are named by themselves, in canonical form", () => {
    expect(ipAddressResource.validateName("10.0.0.1", false)).toEqual([]);
    expect(ipAddressResource.validateName("x", false)).toEqual(["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]);
    expect(ipAddressResource.validateName("fd00:0::1", false)).toEqual(['must be in canonical form ("fd00::1")']);
  });

  it("stay with their service", () => {
    const { object } = create(ipAddressResource, { spec: { parentRef: { resource: "services", namespace: "n", name: "s" } } });
    expect(row(ipAddressResource, object)).toMatchObject({ ParentRef: "services/n/s" });
    expect(update(ipAddressResource, object, (next: IPAddress) => (next.spec.parentRef = { resource: "services", name: "t" })).errors).toEqual([
      'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"","Name":"t"}: field is immutable',
    ]);
  });
});
