import { describe, expect, it } from "vitest";
import { create, row } from "../shared/test-requests.ts";
import { flowSchemaResource } from "./flow-schema.ts";
import { priorityLevelConfigurationResource } from "./priority-level-configuration.ts";

describe("flow schemas", () => {
  const rule = { subjects: [{ kind: "Group", group: { name: "*" } }], resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"] }] };
  const schema = (change: object, name = "x") => create(flowSchemaResource, { metadata: { name }, spec: { priorityLevelConfiguration: { name: "p" }, rules: [rule], ...change } });

  it("come late, unless they say otherwise", () => {
    const { object, errors } = schema({});
    expect(errors).toEqual([]);
    expect(row(flowSchemaResource, object)).toMatchObject({ PriorityLevel: "p", MatchingPrecedence: 1000, DistinguisherMethod: "<none>", MissingPL: "?" });
  });

  it.each<[string, object, string[]]>([
    ["the first place", { matchingPrecedence: 1 }, ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"]],
    ["subjects of two kinds", { rules: [{ ...rule, subjects: [{ kind: "User", user: { name: "u" }, group: { name: "g" } }] }] }, ["spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'"]],
    ["an unknown verb", { rules: [{ subjects: rule.subjects, nonResourceRules: [{ verbs: ["head"], nonResourceURLs: ["/a*"] }] }] }, [
      'spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["head"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*": wildcard can only do suffix matching',
    ]],
  ])("are refused with %s", (_name, change, errors) => {
    expect(schema(change).errors).toEqual(errors);
  });

  it("that are mandatory stay as they are", () => {
    expect(schema({ matchingPrecedence: 1 }, "exempt").errors).toEqual([expect.stringMatching(/^spec: Invalid value: \{"PriorityLevelConfiguration":.*: spec of 'exempt' must equal the fixed value$/)]);
  });
});

describe("priority levels", () => {
  const level = (spec: object) => create(priorityLevelConfigurationResource, { spec });

  it("have defaults", () => {
    expect(level({ type: "Limited", limited: { limitResponse: { type: "Queue", queuing: {} } } }).object).toMatchObject({
      spec: { limited: { nominalConcurrencyShares: 30, lendablePercent: 0, limitResponse: { queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } } } },
    });
  });

  it.each<[string, object, string[]]>([
    ["no limits", { type: "Limited" }, ["spec.limited: Required value: must not be empty when type is Limited"]],
    ["an exemption", { type: "Exempt" }, ['spec.type: Invalid value: "Exempt": must be \'Exempt\' if and only if `name` is \'exempt\'']],
    [
      "too many hands",
      { type: "Limited", limited: { limitResponse: { type: "Queue", queuing: { queues: 1024, handSize: 10 } } } },
      ["spec.limited.limitResponse.queuing.handSize: Invalid value: 10: required entropy bits of deckSize 1024 and handSize 10 should not be greater than 60"],
    ],
  ])("are refused with %s", (_name, spec, errors) => {
    expect(level(spec).errors).toEqual(errors);
  });
});
