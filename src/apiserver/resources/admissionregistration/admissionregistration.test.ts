import { describe, expect, it } from "vitest";
import type { ValidatingWebhookConfiguration } from "../../../api/generated/types/admissionregistration/v1.ts";
import { create, row, update } from "../shared/test-requests.ts";
import { mutatingAdmissionPolicyResource } from "./mutating-admission-policy.ts";
import { validatingAdmissionPolicyBindingResource } from "./validating-admission-policy-binding.ts";
import { validatingAdmissionPolicyResource } from "./validating-admission-policy.ts";
import { validatingWebhookConfigurationResource } from "./webhook-configurations.ts";

const rule = { apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] };
const matchConstraints = { resourceRules: [rule] };

describe("webhooks", () => {
  const hook = { name: "a.b.c", clientConfig: { service: { name: "s", namespace: "n" } }, rules: [rule], sideEffects: "None", admissionReviewVersions: ["v1"] };
  const configuration = (change: object) => create(validatingWebhookConfigurationResource, { webhooks: [{ ...hook, ...change }] });

  it("have defaults", () => {
    const { object, errors } = configuration({});
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      webhooks: [{ failurePolicy: "Fail", matchPolicy: "Equivalent", timeoutSeconds: 10, namespaceSelector: {}, objectSelector: {}, clientConfig: { service: { port: 443 } }, rules: [{ scope: "*" }] }],
    });
  });

  it.each<[string, object, string[]]>([
    ["another scheme than https", { clientConfig: { url: "http://x" } }, ["webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]"]],
    ["a URL with a user", { clientConfig: { url: "https://u@x?q" } }, [
      'webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "q": query parameters are not permitted in the URL',
    ]],
    ["a service without a name", { clientConfig: { service: { namespace: "n" } } }, ["webhooks[0].clientConfig.service.namespace: Required value"]],
    ["all resources, and more", { rules: [{ ...rule, resources: ["*", "pods"] }] }, ['webhooks[0].rules[0].resources: Invalid value: ["*","pods"]: if \'*\' is present, must not specify other resources without subresources']],
    ["covered subresources", { rules: [{ ...rule, resources: ["pods/*", "pods/log"] }] }, ["webhooks[0].rules[0].resources[1]: Invalid value: \"pods/log\": if 'pods/*' is present, must not specify pods/log"]],
    ["side effects", { sideEffects: "Some" }, ['webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"']],
    ["a short name", { name: "a.b" }, ['webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots']],
    ["a condition that is none", { matchConditions: [{ name: "c", expression: "1 + 1" }] }, ['webhooks[0].matchConditions[0].expression: Invalid value: "1 + 1": must evaluate to bool but got int']],
    ["unknown reviews", { admissionReviewVersions: ["v2"] }, ['webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1']],
  ])("are refused with %s", (_name, change, errors) => {
    expect(configuration(change).errors).toEqual(errors);
  });

  it("of one configuration have names of their own, also later", () => {
    const { object } = configuration({});
    expect(update(validatingWebhookConfigurationResource, object, (next: ValidatingWebhookConfiguration) => next.webhooks?.push(...(next.webhooks ?? []))).errors).toEqual(['webhooks[1].name: Duplicate value: "a.b.c"']);
  });
});

describe("validating policies", () => {
  const policy = (spec: object) => create(validatingAdmissionPolicyResource, { spec: { matchConstraints, ...spec } });

  it("compile their expressions", () => {
    const { object, errors } = policy({
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      variables: [{ name: "limit", expression: "int(params.data.limit)" }],
      validations: [{ expression: "object.spec.replicas <= variables.limit", messageExpression: "'at most ' + string(variables.limit)" }],
      auditAnnotations: [{ key: "k", valueExpression: "'v'" }],
    });
    expect(errors).toEqual([]);
    expect(row(validatingAdmissionPolicyResource, object)).toMatchObject({ Validations: 1, ParamKind: "v1/ConfigMap" });
  });

  it.each<[string, object, string[]]>([
    ["nothing to do", {}, [
      "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
      "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item",
    ]],
    ["a number", { validations: [{ expression: "1" }] }, ['spec.validations[0].expression: Invalid value: "1": must evaluate to bool but got int']],
    ["a syntax error", { validations: [{ expression: "object." }] }, [expect.stringMatching(/^spec.validations\[0\].expression: Invalid value: "object.": compilation failed: ERROR: /) as unknown as string]],
    ["parameters that it has not", { validations: [{ expression: "params.x" }] }, [expect.stringContaining("compilation failed") as unknown as string]],
    ["a reserved name", { variables: [{ name: "if", expression: "1" }], validations: [{ expression: "true" }] }, ['spec.variables[0].name: Invalid value: "if": must be a valid CEL identifier']],
    ["an annotation that is a number", { auditAnnotations: [{ key: "k", valueExpression: "1" }] }, ['spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type] but got int']],
  ])("are refused with %s", (_name, spec, errors) => {
    expect(policy(spec).errors).toEqual(errors);
  });

  it("are bound with actions that do not repeat one another", () => {
    const paramRef = { name: "p", selector: {}, parameterNotFoundAction: "Deny" };
    expect(create(validatingAdmissionPolicyBindingResource, { spec: { policyName: "p", paramRef, validationActions: ["Deny", "Warn"] } }).errors).toEqual([
      "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
      "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
      'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    ]);
  });
});

describe("mutating policies", () => {
  const policy = (spec: object) => create(mutatingAdmissionPolicyResource, { spec: { matchConstraints, reinvocationPolicy: "Never", ...spec } });

  it("apply configurations or patches", () => {
    const mutations = [
      { patchType: "ApplyConfiguration", applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: Object.metadata.labels{a: "b"}}}' } },
      { patchType: "JSONPatch", jsonPatch: { expression: '[JSONPatch{op: "add", path: "/metadata/labels/a", value: "b"}]' } },
    ];
    expect(policy({ mutations }).errors).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ["no mutations", {}, ["spec.mutations: Required value: mutations must contain at least one item"]],
    ["a patch of another type", { mutations: [{ patchType: "JSONPatch", applyConfiguration: { expression: "Object{}" } }] }, [
      "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch",
      'spec.mutations[0].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
    ]],
    ["deletions", { matchConstraints: { resourceRules: [{ ...rule, operations: ["DELETE"] }] }, mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression: "Object{}" } }] }, [
      'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
    ]],
  ])("are refused with %s", (_name, spec, errors) => {
    expect(policy(spec).errors).toEqual(errors);
  });
});
