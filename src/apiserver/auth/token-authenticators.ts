// Behaviour: k8s.io/apiserver/pkg/authentication/token/tokenfile and k8s.io/kubernetes/plugin/pkg/auth/authenticator/token/bootstrap.
import { timingSafeEqual } from "node:crypto";
import type { Secret } from "../../api/generated/types/core/v1.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../util/clock.ts";
import { lookup } from "../object-storage.ts";
import type { UserInfo } from "../resource.ts";
import type { TokenAuthenticator } from "./authentication.ts";

/** Knows users by the lines of a token file: `token,user,uid,"group1,group2"`. Throws an Error for a malformed line. */
export function tokenFileAuthenticator(text: string): TokenAuthenticator {
  const users = new Map<string, UserInfo>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [token = "", name = "", uid = "", groups = ""] = (line.match(/(?:"(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? []).map(unquote);
    if (token === "" || name === "") throw new Error(`token file must have at least 3 columns (token, user name, user uid), found fewer in line ${index + 1}`);
    users.set(token, { name, uid, groups: groups.split(",").flatMap((group) => (group.trim() === "" ? [] : [group.trim()])) });
  }
  return { authenticate: (token) => users.get(token) };
}

function unquote(field: string): string {
  const value = field.replace(/,$/, "").trim();
  return value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value;
}

/** Knows joining nodes by the secrets of type bootstrap.kubernetes.io/token in kube-system. */
export function bootstrapTokenAuthenticator(store: Store, clock: Clock): TokenAuthenticator {
  return {
    authenticate(token) {
      const [, id, key] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
      if (id === undefined || key === undefined) return undefined;
      const secret = lookup(store, { group: "", resource: "secrets" }, "kube-system", `bootstrap-token-${id}`) as unknown as Secret | undefined;
      if (secret === undefined || secret.type !== "bootstrap.kubernetes.io/token" || secret.metadata.deletionTimestamp !== undefined) return undefined;
      const field = (name: string) => Buffer.from(secret.data?.[name] ?? "", "base64").toString("utf8");
      const stored = Buffer.from(field("token-secret"));
      if (stored.length !== key.length || !timingSafeEqual(stored, Buffer.from(key))) return undefined;
      if (field("token-id") !== id || field("usage-bootstrap-authentication") !== "true") return undefined;
      const expiration = field("expiration");
      if (expiration !== "" && !(Date.parse(expiration) > clock.now())) return undefined;
      const extraGroups = field("auth-extra-groups").split(",").filter((group) => group.startsWith("system:bootstrappers:"));
      return { name: `system:bootstrap:${id}`, groups: ["system:bootstrappers", ...extraGroups] };
    },
  };
}
