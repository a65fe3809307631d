export * from './execution';
export * from './gather';
export * from './input';
export * from './job-spec';
export * from './json';
export * from './pool';
export * from './sweep';
export * from './task';
