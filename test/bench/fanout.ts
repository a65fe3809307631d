/** Ten thousand tasks through Windrow, against a plain script that adds them and waits. */
import type { TestStack } from '../support/test-stack';
import type { Bench, Figure } from './bench';
import { alternate, comparison, requestCount, requestsByOperation, spread } from './fanout-work';
import type { Runs, Work } from './fanout-work';
import { activityNote } from './activity-note';
import { activityTimes, historyLength } from './history';
import { phaseTimes } from './job-runs';
import { median } from './statistics';

const RUNS = 3;

const WORK: Work = { name: 'fanout', tasks: 10_000, nodes: 200, taskSeconds: 0.5, pollMs: 1000 };
/** Tasks that last hide what it costs to hand them over and to follow them; these hide nothing. */
const EMPTY: Work = { ...WORK, name: 'fanout-empty', taskSeconds: 0, pollMs: 50 };

export const fanout: Bench = {
  name: 'fanout',
  run: ({ withStack, say }) =>
    withStack(async (stack) => {
      const work = await alternate(stack, WORK, RUNS, say);
      const empty = await alternate(stack, EMPTY, RUNS, say);
      return {
        figures: [
          { ...comparison(WORK, work), aim: { of: 'ratio', below: 1.5 } },
          ...phases(work),
          { name: 'fanout: requests to Azure Batch', value: median(work.windrow.map(requestCount)), unit: 'requests' },
          await longestHistory(stack, work),
          comparison(EMPTY, empty),
        ],
        notes: [
          `\`fanout\`: medians of ${RUNS} alternating runs on one emulator, pools of simulated nodes, one task a node at a time; the script is \`@azure/batch\` 10.2.0, unmodified. Both times include the creation of the pool and the wait for its nodes. Windrow's also includes planning, the ledger, the result manifest and the deletion of the Batch job; the script's clean-up is not counted.`,
          spreadOf(WORK, work),
          spreadOf(EMPTY, empty),
          activityNote(
            `\`fanout\`, tasks of ${EMPTY.taskSeconds} s`,
            await Promise.all(empty.windrow.map(({ job }) => activityTimes(stack, job))),
          ),
          `\`fanout\`, requests of Windrow's last run of ${WORK.taskSeconds} s tasks: ${lastRequests(work)}.`,
        ],
      };
    }),
};

function phases({ windrow }: Runs): Figure[] {
  const times = windrow.map(({ job }) => phaseTimes(job));
  return [...(times[0]?.keys() ?? [])].map((phase) => ({
    name: `fanout: ${phase}`,
    value: median(times.map((run) => run.get(phase) ?? 0)) / 1000,
    unit: 's',
  }));
}

async function longestHistory(stack: TestStack, { windrow }: Runs): Promise<Figure> {
  const lengths = await Promise.all(windrow.map(({ job }) => historyLength(stack, job)));
  return {
    name: 'fanout: history of the job workflow, longest',
    value: Math.max(...lengths),
    unit: 'events',
    aim: { of: 'figure', below: 200 },
  };
}

function lastRequests({ windrow }: Runs): string {
  const last = windrow.at(-1);
  return last ? requestsByOperation(last) : '';
}

function spreadOf({ taskSeconds, tasks, nodes, pollMs }: Work, runs: Runs): string {
  return `\`fanout\`, tasks of ${taskSeconds} s (${(tasks / nodes) * taskSeconds} s of work at the least): ${spread(runs)}; both sides poll every ${pollMs} ms.`;
}
