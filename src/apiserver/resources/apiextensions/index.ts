import type { Resource } from "../../resource.ts";
import { customResourceDefinitionResource } from "./custom-resource-definition.ts";

/** The resources of the group apiextensions.k8s.io. */
export const apiextensionsResources: readonly Resource[] = [customResourceDefinitionResource];
