/** One line of a retry list (`jobPaths.retryList`): a task of a further wave, and what is known of it. */
export interface RetryLine {
  task: number;
  /** Attempts made in this run before the wave; 0 for a task that waited for others, or that is redriven. */
  attempts: number;
  /** Attempts made in the runs before a redrive. */
  earlier?: number;
  /** Positions in `execution.retryRules` of the rules that its failures matched, the latest last. */
  rules: number[];
}

/** `{task} {attempts}+{earlier} {rules}`, such as `17 2 0,3` or `17 0+3`: a list may have a million lines. */
export function formatRetryLine({ task, attempts, earlier = 0, rules }: RetryLine): string {
  const counted = earlier === 0 ? `${task} ${attempts}` : `${task} ${attempts}+${earlier}`;
  return rules.length === 0 ? counted : `${counted} ${rules.join(',')}`;
}

export function parseRetryLine(line: string): RetryLine {
  const [task = '', counted = '0', rules] = line.split(' ');
  const [attempts, earlier] = counted.split('+').map(Number);
  return {
    task: Number(task),
    attempts: attempts ?? 0,
    ...(earlier !== undefined && { earlier }),
    rules: rules ? rules.split(',').map(Number) : [],
  };
}
