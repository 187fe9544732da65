import { describe, expect, it } from "vitest";
import type { Job } from "../../../api/generated/types/batch/v1.ts";
import { create, decodeObject, row, update } from "../shared/test-requests.ts";
import { cronJobResource } from "./cron-job.ts";
import { jobResource } from "./job.ts";

const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "busybox" }] } };
const job = (spec: object = {}) => create(jobResource, { spec: { template, ...spec } });
const cronJob = (spec: object = {}) => create(cronJobResource, { spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template } }, ...spec } });

describe("jobs", () => {
  it("label and select their pods by their uid", () => {
    const { object, errors } = job();
    expect(errors).toEqual([]);
    const labels = { "batch.kubernetes.io/controller-uid": "uid-1", "batch.kubernetes.io/job-name": "x", "controller-uid": "uid-1", "job-name": "x" };
    expect(object).toMatchObject({
      metadata: { labels },
      spec: { completions: 1, parallelism: 1, backoffLimit: 6, selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "uid-1" } }, template: { metadata: { labels } } },
    });
  });

  it.each<[string, object, string[]]>([
    ["pods that always restart", { template: { spec: { ...template.spec, restartPolicy: "Always" } } }, ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"']],
    ["a negative count", { parallelism: -1 }, ["spec.parallelism: Invalid value: -1: must be greater than or equal to 0"]],
    ["indexes but no completions", { completionMode: "Indexed", parallelism: 1 }, ["spec.completions: Required value: when completion mode is Indexed"]],
    ["a manager without a domain", { managedBy: "me" }, ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")']],
    ["a rule without a condition", { podFailurePolicy: { rules: [{ action: "Ignore" }] } }, ["spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required"]],
    [
      "indexes out of range",
      { completionMode: "Indexed", completions: 2, successPolicy: { rules: [{ succeededIndexes: "0,5" }] } },
      ['spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0,5": error parsing succeededIndexes: too large index: "5"'],
    ],
  ])("are refused with %s", (_name, spec, errors) => {
    expect(job(spec).errors).toEqual(errors);
  });

  it("keep their completions, unless they are indexed", () => {
    const grow = (next: Job) => Object.assign(next.spec, { completions: 2, parallelism: 2 });
    expect(update(jobResource, job().object, grow).errors).toEqual(["spec.completions: Invalid value: 2: field is immutable"]);
    expect(update(jobResource, job({ completionMode: "Indexed", completions: 1 }).object, grow).errors).toEqual([]);
  });

  it("let their pods be placed anew only while suspended", () => {
    const place = (next: Job) => (next.spec.template.spec.nodeSelector = { a: "b" });
    expect(update(jobResource, job({ suspend: true }).object, place).errors).toEqual([]);
    expect(update(jobResource, job().object, place).errors[0]).toMatch(/^spec.template: Invalid value: .*"NodeSelector":\{"a":"b"\}.*: field is immutable$/);
  });

  it("cannot become unfinished", () => {
    const done = decodeObject(jobResource, { spec: { template }, status: { conditions: [{ type: "Complete", status: "True" }], completionTime: "2026-01-01T00:00:00Z", startTime: "2026-01-01T00:00:00Z" } }) as unknown as Job;
    const next = structuredClone(done);
    next.status.conditions = [];
    const errors = jobResource.status?.validateUpdate?.(next as never, done as never, undefined as never) ?? [];
    expect(errors.map(({ message }) => message)).toContain("status.conditions: Invalid value: cannot disable the terminal Complete=True condition");
  });

  it("show how far they are", () => {
    const status = { succeeded: 1, startTime: "2025-12-31T23:59:00Z", conditions: [{ type: "Suspended", status: "True" }] };
    expect(row(jobResource, decodeObject(jobResource, { spec: { template, completions: 3 }, status }))).toMatchObject({ Status: "Suspended", Completions: "1/3", Duration: "60s" });
  });
});

describe("cron jobs", () => {
  it.each<[string, object, string[]]>([
    ["a schedule of too few fields", { schedule: "* *" }, ['spec.schedule: Invalid value: "* *": expected exactly 5 fields, found 2: [* *]']],
    ["a zone in the schedule", { schedule: "TZ=UTC 0 * * * *" }, ['spec.schedule: Invalid value: "TZ=UTC 0 * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead']],
    ["an unknown zone", { timeZone: "Mars/Base" }, ['spec.timeZone: Invalid value: "Mars/Base": unknown time zone Mars/Base']],
    ["an unknown policy", { concurrencyPolicy: "Foo" }, ['spec.concurrencyPolicy: Unsupported value: "Foo": supported values: "Allow", "Forbid", "Replace"']],
  ])("are refused with %s", (_name, spec, errors) => {
    expect(cronJob(spec).errors).toEqual(errors);
  });

  it("keep three good and one bad job", () => {
    expect(cronJob().object).toMatchObject({ spec: { concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 } });
  });
});
