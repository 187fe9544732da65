// Behaviour: k8s.io/kubectl/pkg/cmd/apiresources/apiversions.go.
import { formatApiVersion } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { UsageError } from "../errors.ts";

export default defineCommand({
  use: "api-versions",
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  examples: `
    # The versions that the server has
    kubectl api-versions`,
  flags: {},
  toOptions(factory, args) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(" ")}]`);
    return { factory };
  },
  async run({ factory }, io) {
    const discovery = await factory.discovery();
    discovery.invalidate();
    const groups = await discovery.groups(io.signal);
    const versions = groups.flatMap(({ name, versions }) => versions.map(({ version }) => formatApiVersion({ group: name, version })));
    io.out(versions.sort().map((version) => `${version}\n`).join(""));
  },
});
