export * from './calendar';
export * from './cron';
export { parseGroupPattern } from './group-pattern';
export * from './records';
export * from './templates';
export * from './times';
export { isTimeZone } from './zone';
