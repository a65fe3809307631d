/** What a command touches of the outside world, so that tests can give it another one. */
export interface Sink {
  write(chunk: string | Uint8Array): unknown;
  /** Resolves when what was written has been taken, so that a slow reader costs no memory. */
  drained(): Promise<void>;
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Io {
  out: Sink;
  err: Sink;
  env: Environment;
  /** Home of relative paths in arguments. */
  cwd: string;
  stdinIsTTY: boolean;
  readStdin(): Promise<string>;
  /** Asks the person at the terminal; `hidden` shows nothing of the answer. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  now(): number;
  /** Ends early, without an error, when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From the first call on Ctrl-C no longer ends the process, but aborts this signal. */
  interruption(): AbortSignal;
}
