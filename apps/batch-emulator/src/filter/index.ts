export * from './job-node-properties';
export * from './properties';
export type { Filter } from './ast';
export { compileFilter, flag, number, state, text, time, type Properties, type PropertyValue } from './evaluate';
export { FilterSyntaxError } from './lexer';
export { parseFilter } from './parser';
export { scanOf } from './task-scan';
