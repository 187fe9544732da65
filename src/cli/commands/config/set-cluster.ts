// Behaviour: k8s.io/kubectl/pkg/cmd/config/set_cluster.go.
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { KubeconfigEntries } from "../../../client/kubeconfig.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, HelpError } from "../../errors.ts";
import { boolFlag, stringFlag } from "../../flags.ts";
import { KubeconfigEdit } from "../../kubeconfig-edit.ts";

export default defineCommand({
  use: "set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]",
  summary: "Set a cluster entry in kubeconfig",
  description: "Fields of an entry that exists are merged with those that are given.",
  examples: `
    # The address of a cluster
    kubectl config set-cluster e2e --server=https://1.2.3.4

    # Its certificate authority, inside the file
    kubectl config set-cluster e2e --embed-certs --certificate-authority=ca.crt`,
  flags: {
    "certificate-authority": stringFlag("Certificate file of the cluster's authority."),
    "embed-certs": boolFlag("Put the certificate's bytes into the kubeconfig."),
    "insecure-skip-tls-verify": boolFlag("Do not check the server's certificate."),
    "proxy-url": stringFlag("Proxy on the way to the server."),
    server: stringFlag("Address of the API server.", { shorthand: "s" }),
    "tls-server-name": stringFlag("Name that the server's certificate is checked for."),
  },
  toOptions(factory, args, { values, changed }) {
    if (args.length !== 1) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "", values, changed };
  },
  validate({ name, values, changed }) {
    const authority = values["certificate-authority"];
    if (name === "") throw new CommandError("you must specify a non-empty cluster name");
    if (values["insecure-skip-tls-verify"] && authority !== "") throw new CommandError("you cannot specify a certificate authority and insecure mode at the same time");
    if (!values["embed-certs"]) return;
    if (!changed("certificate-authority") || authority === "") throw new CommandError("you must specify a --certificate-authority to embed");
    if (statSync(authority, { throwIfNoEntry: false }) === undefined) {
      throw new CommandError(`could not stat certificate-authority file ${authority}: stat ${authority}: no such file or directory`);
    }
  },
  run({ edit, name, values, changed }, io) {
    const cluster: KubeconfigEntries["clusters"] = { ...edit.config.clusters.get(name)?.value };
    if (changed("server")) cluster.server = values.server.replace(/^(https?:\/\/[^/]+)\/$/, "$1");
    if (changed("tls-server-name")) cluster["tls-server-name"] = values["tls-server-name"];
    if (changed("proxy-url")) cluster["proxy-url"] = values["proxy-url"];
    if (changed("insecure-skip-tls-verify")) {
      cluster["insecure-skip-tls-verify"] = values["insecure-skip-tls-verify"] || undefined;
      if (values["insecure-skip-tls-verify"]) {
        delete cluster["certificate-authority"];
        delete cluster["certificate-authority-data"];
      }
    }
    if (changed("certificate-authority")) {
      delete cluster["insecure-skip-tls-verify"];
      const path = values["certificate-authority"];
      cluster["certificate-authority"] = values["embed-certs"] ? undefined : resolve(path);
      cluster["certificate-authority-data"] = values["embed-certs"] ? readFileSync(path).toString("base64") : undefined;
    }
    edit.set("clusters", name, cluster);
    io.out(`Cluster ${JSON.stringify(name)} set.\n`);
    return Promise.resolve();
  },
});
