// The pod template of the jobs that `create job` and `create cronjob` make.

/** One container named as the job. */
export function jobTemplate(name: string, image: string, command: readonly string[], restartPolicy: string): object {
  return { spec: { containers: [{ name, image, ...(command.length > 0 && { command }) }], restartPolicy } };
}
