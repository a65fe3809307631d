/** `{{schedule.x}}` and `{{trigger.x}}` in a job: replaced when a schedule makes a job of it, before anything else is. */
import type { Json } from '../spec/json';
import type { JobSpec } from '../spec/job-spec';
import { needsNoQuoting } from '../quoting';

/** What a run of a schedule stands for. */
export interface ScheduleScope {
  name: string;
  time: Date;
  /** Absent for blob arrivals. */
  window?: { start: Date; end: Date };
  trigger?: { container: string; blob?: string; group?: string };
}

export interface TemplateComplaint {
  /** JSON path within the job. */
  path: string;
  message: string;
}

const TEMPLATE = /\{\{\s*((?:schedule|trigger)\b[^{}]*?)\s*\}\}/g;
const REFERENCE = /^(schedule|trigger)\.([A-Za-z]+)(?:\s*\|\s*(.*))?$/;
const FORMAT = /^(?:yyyy|MM|dd|HH|mm|ss|[-/_.:T])+$/;
/** Command lines of a job, by the last name of their path. */
const COMMAND_LINE = /(?:^|\.)(?:commandLine|coordinationCommandLine)$/;

/**
 * The job with its templates replaced, or what is wrong: names that do not exist, and values that a command line, or
 * a text that is read for templates once more, cannot take.
 */
export function expandJob(job: JobSpec, scope: ScheduleScope): { job: JobSpec } | { complaints: TemplateComplaint[] } {
  const complaints: TemplateComplaint[] = [];
  const expanded = walk(job as unknown as Json, '$', (text, path) =>
    text.replace(TEMPLATE, (template: string, inside: string) => {
      const value = valueOf(inside, scope);
      const complaint = value instanceof Unknown ? value.message : valueComplaint(value, path);
      if (complaint !== undefined) complaints.push({ path, message: `'${template}' ${complaint}` });
      return value instanceof Unknown ? template : value;
    }),
  );
  return complaints.length > 0 ? { complaints } : { job: expanded as unknown as JobSpec };
}

class Unknown {
  constructor(readonly message: string) {}
}

function valueOf(inside: string, scope: ScheduleScope): string | Unknown {
  const [, root = '', name = '', format] = REFERENCE.exec(inside) ?? [];
  const value = valuesOf(scope)[`${root}.${name}`];
  if (value === undefined) return new Unknown(`is not known here. There are ${knownNames(scope)}.`);
  if (typeof value === 'string') return format === undefined ? value : new Unknown('is no time: it takes no format.');
  if (format === undefined) return isoSeconds(value);
  if (!FORMAT.test(format)) {
    return new Unknown('has a format of other parts than yyyy, MM, dd, HH, mm, ss and - / _ . : T.');
  }
  return formatted(value, format);
}

function valuesOf({ name, time, window, trigger }: ScheduleScope): Record<string, string | Date | undefined> {
  return {
    'schedule.name': name,
    'schedule.time': time,
    'schedule.windowStart': window?.start,
    'schedule.windowEnd': window?.end,
    'trigger.container': trigger?.container,
    'trigger.blob': trigger?.blob,
    'trigger.group': trigger?.group,
  };
}

function knownNames(scope: ScheduleScope): string {
  const known = Object.entries(valuesOf(scope)).filter(([, value]) => value !== undefined);
  return known.map(([name]) => `{{${name}}}`).join(', ');
}

/** Braces would be read once more when the job is planned; a shell would read all else. */
function valueComplaint(value: string, path: string): string | undefined {
  const shown = JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}...` : value);
  if (value.includes('{{')) return `is ${shown}, whose braces would be taken for a template. Rename the blob.`;
  if (!COMMAND_LINE.test(path) || needsNoQuoting(value)) return undefined;
  return `is ${shown}, which a command line cannot take: only letters, digits and _@%+=:,./- are allowed there. Hand it over in $.task.environment and use the variable.`;
}

/** `2027-01-15T09:30:00Z`: times of schedules are whole seconds. */
export function isoSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function formatted(time: Date, format: string): string {
  const iso = time.toISOString();
  const parts: Record<string, string> = {
    ...{ yyyy: iso.slice(0, 4), MM: iso.slice(5, 7), dd: iso.slice(8, 10) },
    ...{ HH: iso.slice(11, 13), mm: iso.slice(14, 16), ss: iso.slice(17, 19) },
  };
  return format.replace(/yyyy|MM|dd|HH|mm|ss/g, (part) => parts[part]!);
}

/** Keys stay as they are: a template in one names nothing. */
function walk(value: Json, path: string, change: (text: string, path: string) => string): Json {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((entry, n) => walk(entry, `${path}[${n}]`, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry, `${path}.${key}`, change)]));
}
