// The kubeconfig of a cluster's administrator, as kubeadm writes admin.conf.
import type { KeyPair } from "./certificate-checks.ts";

/** The text of a kubeconfig with one cluster, one user and one context, all named `name`. */
export function adminKubeconfig(name: string, server: string, authority: string, admin: KeyPair): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: ${name}
  cluster:
    certificate-authority-data: ${base64(authority)}
    server: ${server}
users:
- name: ${name}
  user:
    client-certificate-data: ${base64(admin.certificate)}
    client-key-data: ${base64(admin.key)}
contexts:
- name: ${name}
  context:
    cluster: ${name}
    user: ${name}
current-context: ${name}
preferences: {}
`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
