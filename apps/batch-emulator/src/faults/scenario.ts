import { readFileSync } from 'node:fs';
import { isObject } from '../util/json';
import type { FaultOrders } from './fault-orders';
import type { FaultRule } from './kinds';
import { RuleError } from './parse-rule';

/** The faults that a scenario file orders at start; what is wrong with it is told with file and field. */
export function readScenario(file: string, orders: FaultOrders): FaultRule[] {
  try {
    const scenario = parse(readFileSync(file, 'utf8'));
    if (!isObject(scenario)) throw new RuleError('scenario', 'must be a JSON object with a list of faults');
    const { faults, ...others } = scenario;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new RuleError(unknown, 'is not known; a scenario has faults');
    if (!Array.isArray(faults)) throw new RuleError('faults', 'must be a list');
    return orders.read(faults, 'faults');
  } catch (error) {
    throw new Error(`scenario ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RuleError('scenario', `is not JSON: ${String(error)}`);
  }
}
