import { FormulaSyntaxError, MAX_FORMULA_BYTES, parseFormula } from '../../autoscale';
import { batchError, invalidProperty } from '../../errors';
import { parseDuration } from '../../util/duration';
import type { PoolSpec } from '../../wire/types';
import type { Pool } from './pool';

const MIN_INTERVAL_MS = 300_000;
const MAX_INTERVAL_MS = 168 * 3_600_000;

export type AutoScaleSettings = Pick<PoolSpec, 'autoScaleFormula' | 'autoScaleEvaluationInterval'>;

/** For operations that only a pool with automatic scaling takes. */
export function checkScaling(pool: Pool): void {
  if (pool.spec.enableAutoScale) return;
  throw batchError('OperationNotValidOnPool', { Reason: 'Automatic scaling is not enabled on the pool.' });
}

/** "Pool - Resize": for operations that only a pool of fixed size takes. */
export function checkNotScaling(pool: Pool): void {
  if (!pool.spec.enableAutoScale) return;
  throw batchError('OperationNotValidOnPool', { Reason: 'Automatic scaling is enabled on the pool.' });
}

/** "Pool - Add": a pool has either target sizes or a formula. */
export function checkScaleOf(spec: PoolSpec): void {
  const { enableAutoScale = false, autoScaleFormula, autoScaleEvaluationInterval } = spec;
  if (!enableAutoScale) {
    if (autoScaleFormula === undefined && autoScaleEvaluationInterval === undefined) return;
    throw batchError('InvalidAutoScalingSettings', { Reason: 'A formula or interval needs enableAutoScale.' });
  }
  if (spec.targetDedicatedNodes !== undefined || spec.targetLowPriorityNodes !== undefined)
    throw batchError('InvalidAutoScalingSettings', { Reason: 'A pool has either target sizes or a formula.' });
  if (autoScaleFormula === undefined) throw batchError('MissingRequiredProperty', { PropertyName: 'autoScaleFormula' });
  checkSettings(spec);
}

/** The syntax of the formula and the length of the interval, as far as given. */
export function checkSettings({ autoScaleFormula, autoScaleEvaluationInterval }: AutoScaleSettings): void {
  if (autoScaleEvaluationInterval !== undefined) {
    const millis = parseDuration(autoScaleEvaluationInterval) ?? 0;
    if (millis < MIN_INTERVAL_MS || millis > MAX_INTERVAL_MS) {
      const reason = 'The interval must be between 5 minutes and 168 hours.';
      throw invalidProperty('autoScaleEvaluationInterval', autoScaleEvaluationInterval, reason);
    }
  }
  if (autoScaleFormula === undefined) return;
  checkLength(autoScaleFormula);
  try {
    parseFormula(autoScaleFormula);
  } catch (error) {
    if (error instanceof FormulaSyntaxError)
      throw batchError('AutoScalingFormulaSyntaxError', { Message: error.message });
    throw error;
  }
}

export function checkLength(formula: string): void {
  if (Buffer.byteLength(formula) > MAX_FORMULA_BYTES) throw batchError('AutoScalingFormulaTooLong');
}
