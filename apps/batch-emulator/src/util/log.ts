export type Log = (message: string) => void;

export const silent: Log = () => undefined;

/** Human-readable lines on stderr; stdout is kept for the one machine-readable line. */
export function stderrLog(write: (line: string) => void): Log {
  return (message) => write(`${new Date().toISOString()} ${message}\n`);
}
