// Behaviour: sigs.k8s.io/yaml: the scalars of YAML 1.1 that YAML 1.2 reads otherwise.
import type { ScalarTag, Tags } from "yaml";

/** YAML 1.1's words for booleans, which Kubernetes' YAML still has. */
const booleanTag: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|yes|true|on)$/i.test(text),
};

/** YAML 1.1's octal numbers: file modes are written 0644. */
const octalTag: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replaceAll("_", ""), 8),
};

/** Makes the yaml package read scalars as Kubernetes does; its option `customTags`. */
export function kubernetesTags(tags: Tags): Tags {
  return [booleanTag, octalTag, ...tags];
}
