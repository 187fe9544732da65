// Reads what belongs to an object and describes it: one call for the commands that print descriptions.
import type { KubernetesObject } from "../../api/object.ts";
import type { ApiClient } from "../../client/client.ts";
import type { Clock } from "../../util/clock.ts";
import type { RelatedReader } from "./describer.ts";
import { describerFor } from "./describers.ts";
import { Description } from "./description.ts";
import { describeEvents, searchEvents } from "./events.ts";

/** How an object is to be described. */
export interface DescribeSettings {
  readonly showEvents: boolean;
  /** Size of the pages that lists are read in; 0 reads them whole. */
  readonly chunkSize: number;
}

/** The description of an object of that group and kind. */
export async function describeObject(client: ApiClient, clock: Clock, group: string, object: KubernetesObject, settings: DescribeSettings): Promise<string> {
  const describer = await describerFor({ group, kind: object.kind });
  const reader = relatedReader(client, settings.chunkSize);
  const related = await describer.gather(object, reader);
  const subjects = settings.showEvents ? describer.eventSubjects(object) : [];
  const description = new Description(clock);
  describer.describe(object, related, description);
  if (subjects.length > 0) {
    const events = await searchEvents(object, subjects, reader).catch(() => undefined);
    if (events !== undefined) describeEvents(events, description);
  }
  return description.toString();
}

function relatedReader(client: ApiClient, chunkSize: number): RelatedReader {
  return {
    get: (ref, namespace, name) => client.resource(ref, namespace).get(name),
    async list(ref, namespace, selectors) {
      const resource = client.resource(ref, namespace);
      const items = [];
      let next: string | undefined;
      do {
        const page = await resource.list({ ...selectors, ...(chunkSize > 0 && { limit: chunkSize }), ...(next !== undefined && { continue: next }) });
        items.push(...page.items);
        next = page.metadata.continue;
      } while (next !== undefined && next !== "");
      return items;
    },
  };
}
