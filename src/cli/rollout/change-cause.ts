/** The annotation that says why a revision of a workload was made. */
export const CHANGE_CAUSE = "kubernetes.io/change-cause";
