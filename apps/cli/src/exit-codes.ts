/** What the command's exit code says. Part of the public interface: scripts branch on it. */
export const ExitCode = {
  /** Done; of a job that was waited for: it succeeded. */
  ok: 0,
  /** The job that was waited for failed. */
  jobFailed: 1,
  /** Wrong arguments or configuration, a file that cannot be read, a body that the API found not valid. */
  usage: 2,
  jobCancelled: 3,
  notFound: 4,
  /** What is there now forbids it: a job has ended, a name is taken. */
  conflict: 5,
  noAccess: 6,
  /** The API did not answer, or not as it should. */
  unavailable: 7,
  /** `--timeout` is over; the job goes on. */
  timedOut: 8,
  /** A local trouble: a folder that cannot be written, a download that is not whole. */
  local: 9,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODES_HELP = `Exit codes

    0  done; \`wait\`, \`watch\` and \`submit --wait\`: the job succeeded
    1  the job failed
    2  wrong arguments or configuration, an unreadable file, a body that is not valid
    3  the job was cancelled
    4  not found
    5  the present state forbids it: the job has ended, the name is taken
    6  no access: the key is missing, wrong or may not do this
    7  the API does not answer, or not as it should
    8  --timeout is over; the job goes on
    9  a trouble on this machine: a folder that cannot be written, a download that is not whole
  130  Ctrl-C; a job that was watched goes on

With --task-exit-code, \`wait\` and \`watch\` of a job that had one task end with the exit code of that task instead of
1. Without it the code never depends on what a task returns, so that 4 always means "not found".
`;
