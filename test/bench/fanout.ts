/** Ten thousand tasks through Windrow, against a plain script that adds them and waits. */
import type { TestStack } from '../support/test-stack';
import type { Bench, Figure } from './bench';
import { alternate } from './fanout-work';
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
          { name: 'fanout: requests to Azure Batch', value: median(work.windrow.map(requests)), unit: 'requests' },
          await longestHistory(stack, work),
          comparison(EMPTY, empty),
        ],
        notes: [
          `\`fanout\`: medians of ${RUNS} alternating runs on one emulator, pools of simulated nodes, one task a node at a time; the script is \`@azure/batch\` 10.2.0, unmodified. Both times include the creation of the pool and the wait for its nodes. Windrow's also includes planning, the ledger, the result manifest and the deletion of the Batch job; the script's clean-up is not counted.`,
          spread(WORK, work),
          spread(EMPTY, empty),
          activityNote(
            `\`fanout\`, tasks of ${EMPTY.taskSeconds} s`,
            await Promise.all(empty.windrow.map(({ job }) => activityTimes(stack, job))),
          ),
          `\`fanout\`, requests of Windrow's last run of ${WORK.taskSeconds} s tasks: ${requestsByOperation(work)}.`,
        ],
      };
    }),
};

function comparison({ tasks, nodes, taskSeconds }: Work, { windrow, plain }: Runs): Figure {
  return {
    name: `fanout: ${tasks} tasks of ${taskSeconds} s on ${nodes} nodes`,
    value: median(windrow.map(({ ms }) => ms)) / 1000,
    unit: 's',
    baseline: median(plain) / 1000,
  };
}

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

function requests(run: Runs['windrow'][number]): number {
  return Object.values(run.requests).reduce((sum, count) => sum + count, 0);
}

function requestsByOperation({ windrow }: Runs): string {
  const last = Object.entries(windrow.at(-1)?.requests ?? {});
  return last.map(([operation, count]) => `${operation} ${count}`).join(', ');
}

function spread({ taskSeconds, tasks, nodes, pollMs }: Work, { windrow, plain }: Runs): string {
  const list = (times: number[]) => times.map((ms) => (ms / 1000).toFixed(1)).join(', ');
  return `\`fanout\`, tasks of ${taskSeconds} s (${(tasks / nodes) * taskSeconds} s of work at the least): Windrow ${list(windrow.map(({ ms }) => ms))} s, plain script ${list(plain)} s; both sides poll every ${pollMs} ms.`;
}
