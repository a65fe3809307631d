/** One line of a retry list (`jobPaths.retryList`): a task of a further wave, and what is known of it. */
export interface RetryLine {
  task: number;
  /** Attempts made before this wave; 0 for a task that waited for others. */
  attempts: number;
  /** Positions in `execution.retryRules` of the rules that its failures matched, the latest last. */
  rules: number[];
}

/** `{task} {attempts} {rules}`, such as `17 2 0,3`: a list may have a million lines. */
export function formatRetryLine({ task, attempts, rules }: RetryLine): string {
  return rules.length === 0 ? `${task} ${attempts}` : `${task} ${attempts} ${rules.join(',')}`;
}

export function parseRetryLine(line: string): RetryLine {
  const [task = '', attempts = '0', rules] = line.split(' ');
  return { task: Number(task), attempts: Number(attempts), rules: rules ? rules.split(',').map(Number) : [] };
}
