// Which Kubernetes this client speaks like.

/** What `version` says of the client. */
export const clientVersion = {
  kustomize: "v5.7.1",
  info: {
    major: "1",
    minor: "36",
    gitVersion: "v1.36.2",
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "node",
    platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
  },
} as const;
