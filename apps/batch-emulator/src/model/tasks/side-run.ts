import { parseDuration } from '../../util/duration';
import { endedByTimeLimit, endedByUser } from '../failures';
import { limitOnNode } from '../nodes/node-timer';
import type { JobCommand, OnEnd, Run } from '../runner';
import { isThere, type World } from '../world';

/**
 * Runs a command of a job on a node beside its tasks. It takes no slot, but the job is not at rest while it runs, and it
 * does not outlive the boot of its node.
 */
export function startSideRun(world: World, command: JobCommand, maxTime: string, onEnd: OnEnd): Run {
  const { job, node } = command;
  let ended: 'byLimit' | 'byUs' | undefined;
  const inner = world.runnerOf(node.pool).runCommand(command, (outcome) => {
    limit?.cancel();
    node.sideRuns.delete(run);
    job.attempts--;
    if (!isThere(world, job)) return;
    if (ended === 'byLimit') onEnd({ ...outcome, failure: endedByTimeLimit });
    else onEnd(ended ? { failure: endedByUser } : outcome);
    world.signals.attemptEnded(job);
  });
  const run: Run = {
    kill: () => {
      ended ??= 'byUs';
      inner.kill();
    },
  };
  const millis = parseDuration(maxTime) ?? Number.POSITIVE_INFINITY;
  const limit = limitOnNode(world, node, millis, () => {
    ended ??= 'byLimit';
    inner.kill();
  });
  node.sideRuns.add(run);
  job.attempts++;
  return run;
}
