// What columns of metadata are described by: the documentation of the fields that they show.
import { metadataText } from "../../api/generated/metadata-documentation.ts";

/** The documentation of ObjectMeta's fields that tables show. */
export const metadataDocumentation = JSON.parse(metadataText) as { readonly name: string; readonly creationTimestamp: string };
