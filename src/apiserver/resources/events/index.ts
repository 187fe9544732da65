import type { Resource } from "../../resource.ts";
import { eventsEventResource } from "./event.ts";

/** The resources of the group events.k8s.io. */
export const eventsResources: readonly Resource[] = [eventsEventResource];
