import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type Goal,
  GOALS,
  type JobMetrics,
  type MetricLine,
  type MetricSummary,
  type Objective,
} from '@windrow/contract';

const NUMBERS = { type: 'object', additionalProperties: { type: 'number' }, example: { loss: 0.12 } } as const;
const SCALARS = {
  type: 'object',
  additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
  example: { rate: 0.01 },
};

export class ObjectiveView implements Objective {
  @ApiProperty({ example: 'loss' }) metric!: string;
  @ApiProperty({ type: 'string', enum: GOALS, example: 'minimize' }) goal!: Goal;
}

export class MetricLineView implements MetricLine {
  @ApiProperty({ example: 17 }) task!: number;
  @ApiProperty({ description: 'Texts, numbers and truth values of its item.', ...SCALARS } as never)
  parameters!: MetricLine['parameters'];
  @ApiProperty(NUMBERS) metrics!: Record<string, number>;
}

export class MetricSummaryView implements MetricSummary {
  @ApiProperty({ description: 'Tasks that have it.', example: 500 }) count!: number;
  @ApiProperty({ example: 0.12 }) min!: number;
  @ApiProperty({ example: 3.4 }) max!: number;
  @ApiProperty({ example: 0.9 }) mean!: number;
}

export class JobMetricsView implements JobMetrics {
  @ApiProperty({ description: 'Succeeded tasks with metrics.', example: 500 }) tasks!: number;
  @ApiProperty({ description: 'Succeeded tasks without a file that could be used.', example: 0 }) omitted!: number;
  @ApiProperty({ description: 'Values that are no number, nested, or too many.', example: 0 }) ignored!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object' },
    example: { loss: { count: 500, min: 0.12, max: 3.4, mean: 0.9 } },
  })
  values!: Record<string, MetricSummaryView>;
  @ApiPropertyOptional({ type: ObjectiveView }) objective?: ObjectiveView;
  @ApiPropertyOptional({ description: 'The best task by the objective.', type: MetricLineView }) best?: MetricLineView;
}

export { SCALARS };
