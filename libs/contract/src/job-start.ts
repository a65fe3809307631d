/** The start of a job's workflow, which is where a job comes into being; the API and the schedules do it alike. */
import { isClusterReference } from './spec';
import type { InputSpec, JobSpec } from './spec';

export interface JobFacts {
  displayName?: string;
  cluster?: string;
  /** One line for people, such as `blobs of corpus/books/ on cluster wind`. */
  summary: string;
}

export function jobFacts({ input, pool, displayName }: JobSpec): JobFacts {
  const cluster = isClusterReference(pool) ? pool.cluster : undefined;
  return {
    summary: `${inputSummary(input)} on ${cluster ? `cluster ${cluster}` : 'a pool of its own'}`,
    ...(displayName ? { displayName } : {}),
    ...(cluster ? { cluster } : {}),
  };
}

function inputSummary(input: InputSpec): string {
  switch (input.kind) {
    case 'blobs':
      return `blobs of ${input.container}/${input.prefix ?? ''}`;
    case 'rows':
      return `${input.format} rows of ${input.container}`;
    case 'manifest':
      return `items of ${input.container}/${input.blob}`;
    case 'items':
      return `${input.items.length} items`;
    case 'repeat':
      return `${input.count} repetitions`;
    case 'sweep':
      return `sweep over ${Object.keys(input.parameters).join(', ')}`;
  }
}

export type Reuse = 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE';

/**
 * Starts the first run of a job once for each uid. A job that was deleted may have had the name before: its workflow
 * has ended, and Temporal keeps it for a while.
 * @param known the workflow of that name, by what was noted at its start
 */
export async function startJobOnce(
  uid: string,
  start: (reuse: Reuse) => Promise<'started' | 'exists'>,
  known: () => Promise<{ running: boolean; uid?: string | undefined } | undefined>,
): Promise<'started' | 'exists'> {
  if ((await start('REJECT_DUPLICATE')) === 'started') return 'started';
  const found = await known();
  const isAnother = !found?.running && (found?.uid ?? uid) !== uid;
  return isAnother ? start('ALLOW_DUPLICATE') : 'exists';
}

/** What Temporal takes of a summary, its JSON and some more counted. Bytes. */
const MAX_SUMMARY = 380;

/** Cuts a summary to what Temporal takes, at whole characters. */
export function shortSummary(text: string): string {
  const size = (value: string) => Buffer.byteLength(JSON.stringify(value));
  if (size(text) <= MAX_SUMMARY) return text;
  const characters = [...text];
  let kept = '';
  for (const character of characters) {
    if (size(`${kept}${character}...`) > MAX_SUMMARY) break;
    kept += character;
  }
  return `${kept}...`;
}
