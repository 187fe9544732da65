// Behaviour: k8s.io/client-go/tools/clientcmd (ModifyConfig): which file a change of the merged kubeconfig goes to.
import { existsSync } from "node:fs";
import { defaultKubeconfigFile, kubeconfigFiles, type Kubeconfig, type KubeconfigEntries, loadKubeconfig } from "../client/kubeconfig.ts";
import { KubeconfigFile } from "../client/kubeconfig-file.ts";
import type { Factory } from "./factory.ts";

const EMPTY: Kubeconfig = { clusters: new Map(), users: new Map(), contexts: new Map(), currentContext: "", preferences: {}, extensions: [] };

/** The merged kubeconfig and the files behind it. */
export class KubeconfigEdit {
  /** A file that was named and is not there yet counts as empty. */
  readonly config: Kubeconfig;
  private readonly env: Factory["io"]["env"];
  private readonly explicit: string;

  constructor({ io, globals }: Pick<Factory, "io" | "globals">) {
    this.env = io.env;
    this.explicit = globals.kubeconfig;
    this.config = this.explicit !== "" && !existsSync(this.explicit) ? EMPTY : loadKubeconfig(this.env, this.explicit);
  }

  /** The file that messages name, and that new entries go to. */
  get defaultFile(): string {
    return defaultKubeconfigFile(this.env, this.explicit);
  }

  /** Sets an entry in the file that it stands in, or in the default one. */
  set<K extends keyof KubeconfigEntries>(list: K, name: string, value: KubeconfigEntries[K]): void {
    this.change(this.config[list].get(name)?.file ?? this.defaultFile, (file) => file.set(list, name, value));
  }

  /** Removes an entry from every file that has it. */
  remove(list: keyof KubeconfigEntries, name: string): void {
    for (const path of this.presentFiles()) this.change(path, (file) => file.remove(list, name));
  }

  /** Chooses the current context where one is chosen already, else in the default file. */
  setCurrentContext(name: string): void {
    const chosen = this.presentFiles().find((path) => new KubeconfigFile(path).currentContext !== "");
    this.change(chosen ?? this.defaultFile, (file) => {
      file.currentContext = name;
    });
  }

  /** Changes one file and writes it. */
  change(path: string, edit: (file: KubeconfigFile) => void): void {
    const file = new KubeconfigFile(path);
    edit(file);
    file.save();
  }

  private presentFiles(): string[] {
    return kubeconfigFiles(this.env, this.explicit).filter((path) => existsSync(path));
  }
}
