import { setCurrentDetails } from '@temporalio/workflow';
import type { SweeperInput, SweeperReport, SweptKind } from '@windrow/contract';
import { bulk } from './proxies';

/** One round of the sweeper; a Temporal schedule starts it again and again, and never two at a time. */
export async function sweeperWorkflow(input: SweeperInput): Promise<SweeperReport> {
  const report = await bulk.sweep.executeWithOptions(
    { startToCloseTimeout: '1h', summary: 'delete what has no living owner' },
    [input],
  );
  setCurrentDetails(describe(report));
  return report;
}

function describe({ examined, batchJobs, pools, staged, corrected }: SweeperReport): string {
  const lines = [
    `${examined} resources and jobs examined.`,
    line('Batch jobs deleted', batchJobs),
    line('pools deleted', pools),
    `${line('jobs whose staged blobs were deleted', staged)} (${staged.blobs} blobs)`,
    line('rows of ended jobs corrected', corrected),
  ];
  return lines.join('\n\n');
}

function line(what: string, { deleted, ids }: SweptKind): string {
  return deleted === 0 ? `0 ${what}` : `${deleted} ${what}: ${ids.join(', ')}${deleted > ids.length ? ', ...' : ''}`;
}
