/** What a task of this attempt has beyond its template: the changes of retry rules, its number, what it waits for. */
import type { BatchTaskCreateOptions } from '@windrow/batch';
import type { IndexRange, PlannedTask, RetryLine, RetryRule } from '@windrow/contract';
import { TaskVariable } from '@windrow/contract';
import type { Dependencies, IndexRuns } from './dependencies';
import { changeOf } from './retry-rules';
import type { TaskToRun } from './task-source';

export class AttemptBodies {
  constructor(
    private readonly build: (task: PlannedTask) => Promise<BatchTaskCreateOptions>,
    private readonly rules: RetryRule[],
    private readonly dependencies: Dependencies,
    /** Tasks of this wave; what a task waits for and is not among them has succeeded before. */
    private readonly members: IndexRuns,
  ) {}

  async body({ planned, retry }: TaskToRun): Promise<BatchTaskCreateOptions> {
    const change = changeOf(this.rules, retry?.rules ?? []);
    const environment = { ...planned.environment, ...change.environment };
    const body = await this.build({ ...planned, environment });
    const waitsFor = this.members.within(this.dependencies.of(planned.index), Infinity) ?? [];
    return {
      ...body,
      ...(change.requiredSlots !== undefined && { requiredSlots: change.requiredSlots }),
      ...(retry && { environmentSettings: numbered(body.environmentSettings, attemptsBefore(retry) + 1) }),
      ...(waitsFor.length > 0 && { dependsOn: { taskIdRanges: waitsFor.map(idRange) } }),
    };
  }
}

function attemptsBefore({ earlier = 0, attempts }: RetryLine): number {
  return earlier + attempts;
}

function idRange({ from, to }: IndexRange) {
  return { start: from, end: to };
}

/** Attempts count for each task: one that waited for others is at its first when they are at their second. */
function numbered(settings: BatchTaskCreateOptions['environmentSettings'], attempt: number) {
  return (settings ?? []).map((setting) =>
    setting.name === TaskVariable.attempt ? { ...setting, value: String(attempt) } : setting,
  );
}
