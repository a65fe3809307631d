/** Which tasks a redrive runs. Pure. */
import type { LedgerEntry, RetryLine, TaskFilter } from '@windrow/contract';
import { causeFilter, filterOf } from '@windrow/contract';
import type { JobOutcomes } from '../results';
import type { Dependencies } from './dependencies';
import { chooseTasks } from './retries';
import type { TaskStates } from './task-book';

export interface RedriveFilter {
  /** What the request asks for. */
  filter?: TaskFilter;
  /** An automatic redrive: `execution.autoRedrive.onlyIf`, empty where the job has none. */
  onlyIf?: TaskFilter;
  /** Tasks that the run before was about: an automatic redrive goes on with those. */
  among?: { has(task: number): boolean };
}

type Cause = Pick<LedgerEntry, 'exitCode' | 'category' | 'code'>;

/** Tells whether a task that has not succeeded is meant; `failure` is undefined when it never ran. */
export function redriveFilter({
  filter,
  onlyIf,
  among,
}: RedriveFilter): (task: number, failure: Cause | undefined) => boolean {
  const asked = filterOf(
    onlyIf === undefined ? filter : { ...(onlyIf.tasks !== undefined && { tasks: onlyIf.tasks }) },
  );
  const ofCause = onlyIf && causeFilter(onlyIf);
  return (task, failure) => {
    if (among && !among.has(task)) return false;
    if (!asked(failure ? { task, failure } : { task })) return false;
    return ofCause === undefined || failure === undefined || isVictim(failure) || ofCause(failure);
  };
}

/** Ended because others failed, it has no cause of its own that a filter could look at. */
function isVictim({ category }: Cause): boolean {
  return category === 'terminated';
}

export interface ChosenTasks {
  chosen: RetryLine[];
  /** Failures among them that have a cause of their own. */
  causes: number;
  succeeded: number;
  failed: number;
  skipped: number;
}

/**
 * Of the tasks that are meant, those that can run: none that waits for one which is not to succeed in this run either.
 * One whose dependencies would take too many ranges in the first wave is left for a further redrive.
 */
export function chooseRedriven(
  outcomes: JobOutcomes,
  isMeant: (task: number, failure: Cause | undefined) => boolean,
  dependencies: Dependencies,
): ChosenTasks {
  const states: TaskStates = {
    tasks: outcomes.tasks,
    stateOf: (task) => {
      const outcome = outcomes.outcomeOf(task);
      if (outcome === 'succeeded') return 'succeeded';
      const failure = outcomes.failureOf(task);
      if (!isMeant(task, failure)) return outcome === 'failed' ? 'failed' : 'skipped';
      return 'retry';
    },
    attemptsOf: () => 0,
    earlierOf: (task) => outcomes.attemptsOf(task),
    rulesOf: () => [],
  };
  const { chosen } = chooseTasks(states, dependencies);
  const counts = outcomes.counts();
  const failures = chosen.flatMap(({ task }) => outcomes.failureOf(task) ?? []);
  const ran = failures.length;
  return {
    chosen,
    causes: failures.filter((failure) => !isVictim(failure)).length,
    succeeded: counts.succeeded,
    failed: counts.failed - ran,
    skipped: counts.pending - (chosen.length - ran),
  };
}
