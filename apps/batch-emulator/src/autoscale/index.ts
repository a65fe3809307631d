export { evaluate, type Surroundings } from './evaluator';
export { FormulaError, FormulaSyntaxError } from './formula-error';
export type { Formula } from './ast';
export { MAX_FORMULA_BYTES, parseFormula } from './parser';
export { SAMPLE_PERIOD_MS, SampleHistory, type Metrics } from './samples';
export { decided, formatResult, formatRun, type Targets } from './targets';
