import {
  FormulaError,
  FormulaSyntaxError,
  decided,
  evaluate,
  formatResult,
  formatRun,
  parseFormula,
  type Formula,
  type Targets,
} from '../../autoscale';
import { batchError } from '../../errors';
import { parseDuration } from '../../util/duration';
import type { Allocator } from './allocator';
import { checkLength, checkScaling, checkSettings, type AutoScaleSettings } from './autoscale-checks';
import type { AutoScaleRun } from './autoscale-state';
import type { Pool } from './pool';
import type { PoolSampler } from './pool-sampler';
import type { World } from '../world';

const ENABLE_PAUSE_MICROS = 30_000_000;

/** Lets formulas say how large pools are ("Automatically scale compute nodes in an Azure Batch pool"). */
export class Autoscaler {
  constructor(
    private readonly world: World,
    private readonly allocator: Allocator,
    private readonly sampler: PoolSampler,
  ) {}

  /** The first evaluation of a new pool says how large it starts. */
  begin(pool: Pool): void {
    this.sampler.start();
    if (!pool.spec.enableAutoScale) return;
    this.set(pool, this.run(pool));
    this.schedule(pool);
  }

  /** "Pool - Enable Auto Scale": the schedule of evaluations starts anew. */
  enable(pool: Pool, settings: AutoScaleSettings): void {
    const now = this.world.clock.now();
    const { enabledAt } = pool.autoScale;
    if (pool.allocationState !== 'steady') throw batchError('PoolBeingResized');
    if (!pool.spec.enableAutoScale && settings.autoScaleFormula === undefined)
      throw batchError('MissingRequiredProperty', { PropertyName: 'autoScaleFormula' });
    if (settings.autoScaleFormula === undefined && settings.autoScaleEvaluationInterval === undefined)
      throw batchError('InvalidAutoScalingSettings', { Reason: 'Neither a formula nor an interval was given.' });
    checkSettings(settings);
    if (enabledAt !== undefined && now - enabledAt < ENABLE_PAUSE_MICROS)
      throw batchError('TooManyEnableAutoScaleRequests');
    pool.autoScale.enabledAt = now;
    pool.spec = {
      ...pool.spec,
      enableAutoScale: true,
      autoScaleFormula: settings.autoScaleFormula ?? pool.spec.autoScaleFormula ?? '',
      autoScaleEvaluationInterval:
        settings.autoScaleEvaluationInterval ?? pool.spec.autoScaleEvaluationInterval ?? 'PT15M',
    };
    this.evaluateNow(pool);
  }

  /** "Pool - Disable Auto Scale": the size stays as it is. */
  disable(pool: Pool): void {
    checkScaling(pool);
    pool.autoScale.timer?.cancel();
    pool.autoScale.run = undefined;
    const { autoScaleFormula: _formula, autoScaleEvaluationInterval: _interval, ...spec } = pool.spec;
    pool.spec = { ...spec, enableAutoScale: false };
    this.world.journal.pool(pool);
  }

  /** "Pool - Evaluate Auto Scale": what the formula would do; a bad one is reported in the result. */
  evaluate(pool: Pool, formula: string): AutoScaleRun {
    checkScaling(pool);
    checkLength(formula);
    return this.attempt(pool, () => parseFormula(formula))[0];
  }

  /** After a restart the schedule goes on. */
  resume(pool: Pool): void {
    this.sampler.start();
    if (!pool.spec.enableAutoScale) return;
    this.schedule(pool);
  }

  /** The next evaluation, an interval after the last one. */
  private schedule(pool: Pool): void {
    const { autoScale, spec } = pool;
    const { clock } = this.world;
    const interval = parseDuration(spec.autoScaleEvaluationInterval ?? '') ?? Number.POSITIVE_INFINITY;
    const passed = (clock.now() - (autoScale.run?.timestamp ?? 0)) / 1000;
    autoScale.timer?.cancel();
    autoScale.timer = clock.after(interval - passed, () => this.evaluateNow(pool));
  }

  private evaluateNow(pool: Pool): void {
    if (pool.state === 'deleting') return;
    const targets = this.run(pool);
    const changes = targets.dedicated !== pool.targetDedicated || targets.lowPriority !== pool.targetLowPriority;
    if (changes && pool.allocationState !== 'stopping') {
      this.set(pool, targets);
      this.allocator.resize(pool, targets.option);
    }
    this.world.journal.pool(pool);
    this.schedule(pool);
  }

  private set(pool: Pool, targets: Targets): void {
    pool.targetDedicated = targets.dedicated;
    pool.targetLowPriority = targets.lowPriority;
  }

  private run(pool: Pool): Targets {
    const [run, targets] = this.attempt(pool, () => parseFormula(pool.spec.autoScaleFormula ?? ''));
    pool.autoScale.run = run;
    pool.autoScale.option = targets.option;
    this.world.events.autoscaled(pool, run);
    return targets;
  }

  /** What fails leaves everything as it is in force. */
  private attempt(pool: Pool, parse: () => Formula): [AutoScaleRun, Targets] {
    const { clock } = this.world;
    const timestamp = clock.now();
    const inForce: Targets = {
      dedicated: pool.targetDedicated,
      lowPriority: pool.targetLowPriority,
      option: pool.autoScale.option,
    };
    try {
      const result = evaluate(parse(), {
        now: timestamp / 1000,
        random: Math.random,
        metrics: this.sampler.metricsOf(pool),
        history: pool.autoScale.history,
        inForce,
      });
      return [{ timestamp, results: formatResult(result) }, decided(result)];
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      return [{ timestamp, results: formatRun(inForce), error: errorOf(error) }, inForce];
    }
  }
}

function errorOf(error: FormulaError): NonNullable<AutoScaleRun['error']> {
  const isSyntax = error instanceof FormulaSyntaxError;
  return {
    code: isSyntax ? 'AutoScalingFormulaSyntaxError' : 'AutoScalingFormulaEvaluationError',
    message: `The specified auto-scaling formula has ${isSyntax ? 'syntax' : 'evaluation'} error`,
    values: [{ name: 'Message', value: error.message }],
  };
}
