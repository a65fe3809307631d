import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { completeTask, type CostEstimate, durationMs, type JobSpec } from '@windrow/contract';
import type { BlobRange, Download, Json, PlannedTask, SourceSnapshot } from '@windrow/contract';
import type { DryRun } from '../dry-run.service';

export class DownloadView implements Download {
  @ApiProperty({ example: 'corpus' }) container!: string;
  @ApiProperty({ example: 'books/emma.txt' }) blob!: string;
  @ApiProperty({ description: 'Below the working directory.', example: 'inputs/books/emma.txt' }) path!: string;
  @ApiPropertyOptional() etag?: string;
  @ApiPropertyOptional({ description: 'Where the account keeps versions: the one that is brought.' })
  versionId?: string;
}

export class BytesView {
  @ApiProperty({ example: 0 }) offset!: number;
  @ApiProperty({ example: 18 }) length!: number;
}

export class BlobRangeView extends BytesView implements BlobRange {
  @ApiProperty({ example: 'corpus' }) container!: string;
  @ApiProperty({ example: 'rides.csv' }) blob!: string;
  @ApiProperty({ description: 'Below the working directory.', example: 'inputs/rides.csv' }) path!: string;
  @ApiProperty({ example: '"0x8DC0"' }) etag!: string;
  @ApiPropertyOptional() versionId?: string;
  @ApiPropertyOptional({ description: 'The header line, which is put first.', type: BytesView }) header?: BytesView;
}

export class PlannedTaskView implements PlannedTask {
  @ApiProperty({ example: 0 }) index!: number;
  @ApiProperty({ description: 'Number of items.', example: 50 }) items!: number;
  @ApiPropertyOptional({ description: 'The only item, when it is small.', type: 'object', additionalProperties: true })
  inline?: { item: Json };
  @ApiPropertyOptional({ description: 'Blob that becomes `items.jsonl`.' }) itemsBlob?: string;
  @ApiPropertyOptional({ type: [DownloadView] }) downloads?: DownloadView[];
  @ApiPropertyOptional({ description: 'Rows that the task fetches itself.', type: BlobRangeView })
  range?: BlobRangeView;
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } }) environment?: Record<
    string,
    string
  >;
  @ApiPropertyOptional() commandLine?: string;
}

export class SourceView implements SourceSnapshot {
  @ApiProperty({ example: 'corpus' }) container!: string;
  @ApiProperty({ example: 'books/emma.txt' }) blob!: string;
  @ApiProperty({ example: '"0x8DC0"' }) etag!: string;
  @ApiPropertyOptional() versionId?: string;
  @ApiProperty({ example: 887_071 }) bytes!: number;
}

export class SlotsView {
  @ApiProperty({ example: 1 }) perTask!: number;
  @ApiProperty({ example: 4 }) perNode!: number;
  @ApiProperty({ description: 'That would be filled if all tasks ran at once.', example: 1000 }) total!: number;
}

export class PlanNodesView {
  @ApiProperty({ example: 0 }) min!: number;
  @ApiProperty({ example: 20 }) max!: number;
  @ApiProperty({ description: "Nodes for all tasks at once, within the pool's limits.", example: 250 }) needed!: number;
}

export class EstimateView implements CostEstimate {
  @ApiProperty({ description: 'An upper bound, not a forecast.', example: 250 }) nodeHoursAtMost!: number;
  @ApiPropertyOptional({ description: 'Where the deployment has prices for each VM size.', example: 25 })
  costAtMost?: number;
  @ApiPropertyOptional({ example: 'EUR' }) currency?: string;
  @ApiProperty({ example: '1000 tasks of at most 1 h, 4 at once on a node.' }) basis!: string;
}

export class PlanView {
  @ApiProperty({ example: 50_000 }) items!: number;
  @ApiProperty({ example: 1000 }) tasks!: number;
  @ApiProperty({ description: 'The first tasks, expanded.', type: [PlannedTaskView] }) sample!: PlannedTaskView[];
  @ApiProperty({ type: SlotsView }) slots!: SlotsView;
  @ApiProperty({ type: PlanNodesView }) nodes!: PlanNodesView;
  @ApiProperty({ description: 'Files each task gets with its program.', type: [DownloadView] })
  program!: DownloadView[];
  @ApiProperty({ description: 'What was read.', type: [SourceView] }) sources!: SourceView[];
  @ApiPropertyOptional({ description: 'What the tasks can take at most.', type: EstimateView }) estimate?: EstimateView;
  @ApiProperty({ description: 'What is allowed and perhaps not meant.', type: [String] }) warnings!: string[];
}

export function mapPlan({ plan, spec, minNodes }: DryRun): PlanView {
  const { items, tasks, sample, program, sources, requiredSlots, slotsPerNode, nodesNeeded, maxNodes } = plan;
  const warnings: string[] = [];
  if (tasks === 0) warnings.push('There is nothing to do: the input has no items.');
  if (spec.sample) warnings.push(`Only a sample of ${spec.sample.percent} percent of the items is planned.`);
  if (spec.maxItems !== undefined && items >= spec.maxItems) {
    warnings.push(`Only the first ${spec.maxItems} items are planned (maxItems).`);
  }
  warnings.push(...budgetWarnings(spec));
  const instances = spec.task.instances ?? 1;
  const onOneNode = requiredSlots / instances;
  const together = Math.floor((Math.floor(slotsPerNode / onOneNode) * maxNodes) / instances);
  // No room is known of a cluster that was created a moment ago.
  if (together > 0 && tasks > together) {
    const rounds = Math.ceil(tasks / together);
    warnings.push(`${tasks} tasks share room for ${together} at once: they run in about ${rounds} rounds.`);
  }
  if (slotsPerNode % onOneNode !== 0) {
    warnings.push(
      `${slotsPerNode % onOneNode} of ${slotsPerNode} slots of each node stay empty: tasks take ${onOneNode}.`,
    );
  }
  return {
    items,
    tasks,
    sample,
    slots: { perTask: requiredSlots, perNode: slotsPerNode, total: tasks * requiredSlots },
    nodes: { min: minNodes, max: maxNodes, needed: nodesNeeded },
    program,
    sources,
    ...(plan.estimate ? { estimate: plan.estimate } : {}),
    warnings,
  };
}

/** A budget may be meant to stop a job early; that it cannot pay for one long task may not be. */
function budgetWarnings({ task, execution }: JobSpec): string[] {
  const hours = execution?.budget?.nodeHours;
  const taskHours = (durationMs(completeTask(task).timeout) / 3_600_000) * (task.instances ?? 1);
  if (hours === undefined || hours >= taskHours) return [];
  return [`The budget of ${hours} node-hours is used up before a task can reach its time limit (task.timeout).`];
}
