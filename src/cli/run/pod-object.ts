// Behaviour: k8s.io/kubectl/pkg/cmd/run/run.go (createPod, createService): what `run` creates.
import type { EnvVar } from "../../api/generated/types/core/v1.ts";
import { isEnvVarName } from "../../api/name-validation.ts";
import { CommandError } from "../errors.ts";

/** What a pod is made of. */
export interface PodInput {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly env: readonly EnvVar[];
  readonly words: readonly string[];
  /** The words are the command, not its arguments. */
  readonly command: boolean;
  readonly port: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly privileged: boolean;
  readonly imagePullPolicy: string;
  readonly restartPolicy: string;
}

/** A pod with one container. */
export function podOf(input: PodInput): object {
  const { name, image, labels, annotations, env, words, port, stdin, stdinOnce, tty, privileged, imagePullPolicy, restartPolicy } = input;
  return {
    metadata: { name, labels, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: {
      containers: [
        {
          name,
          image,
          ...(words.length > 0 && { [input.command ? "command" : "args"]: words }),
          ...(port !== "" && { ports: [{ containerPort: Number(port) }] }),
          ...(env.length > 0 && { env }),
          ...(imagePullPolicy !== "" && { imagePullPolicy }),
          ...(privileged && { securityContext: { privileged } }),
          ...(stdin && { stdin }),
          ...(stdinOnce && { stdinOnce }),
          ...(tty && { tty }),
        },
      ],
      restartPolicy,
      dnsPolicy: "ClusterFirst",
    },
  };
}

/** The service of --expose. */
export function serviceOf(name: string, given: Readonly<Record<string, string>> | undefined, selector: Readonly<Record<string, string>>, port: number): object {
  return { metadata: { name, ...(given !== undefined && { labels: given }) }, spec: { ports: [{ protocol: "TCP", port, targetPort: port }], selector } };
}

/** --labels; undefined when there are none. */
export function readLabels(text: string): Record<string, string> | undefined {
  if (text === "") return undefined;
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [key = "", value = "", ...rest] = pair.split("=");
      if (!pair.includes("=") || rest.length > 0) throw new CommandError(`unexpected label spec: ${pair}`);
      if (key === "") throw new CommandError("unexpected empty label key");
      return [key, value];
    }),
  );
}

/** --env. */
export function readEnv(pairs: readonly string[]): EnvVar[] {
  return pairs.map((pair) => {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0));
    if (equals < 1 || isEnvVarName(name).length > 0) throw new CommandError(`invalid env: ${pair}`);
    const value = pair.slice(equals + 1);
    return { name, ...(value !== "" && { value }) };
  });
}
