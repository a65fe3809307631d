import type { RunState } from '@windrow/contract';
import { type Command, Option } from 'commander';
import { define, type Session } from '../command';
import type { Context } from '../context';
import { collect } from '../http/pages';
import { limitOf, type LimitOptions, limitOptions, noteMore } from '../jobs/listing';
import { state } from '../output/style';
import { pathOf } from './commands';
import { describe } from './describe';
import type { Kind, Resource } from './kind';

const RUN_STATES: readonly RunState[] = ['starting', 'running', 'succeeded', 'failed', 'cancelled'];

export function addScheduleActions(schedules: Command, session: Session, kind: Kind): void {
  const act = async (context: Context, name: string, action: string, body: object | undefined, repeatable: boolean) => {
    const path = `${await pathOf(context, kind, name)}:${action}`;
    const answer = await context.api.json<Resource | undefined>(path, { method: 'POST', body, repeatable });
    context.out.document(answer ?? {}, (made) => describe(made) || `${name}: done.\n`);
  };
  define<{ note?: string }>(schedules, session, 'pause <schedule>', {
    summary: 'Pause a schedule: it starts no job until it is resumed',
    examples: ['schedules pause nightly --note "storage is being moved"'],
    options: (command) => command.option('--note <text>', 'why, for those who find it paused'),
    action: (context, { note }, name) => act(context, name, 'pause', note === undefined ? {} : { note }, true),
  });
  define<{ note?: string }>(schedules, session, 'resume <schedule>', {
    summary: 'Resume a paused schedule',
    examples: ['schedules resume nightly'],
    options: (command) => command.option('--note <text>', 'why'),
    action: (context, { note }, name) => act(context, name, 'resume', note === undefined ? undefined : { note }, true),
  });
  define<{ time?: string }>(schedules, session, 'trigger <schedule>', {
    summary: 'Start a job of the schedule now',
    examples: ['schedules trigger nightly', 'schedules trigger nightly --time 2026-01-15T02:00:00Z'],
    options: (command) => command.option('--time <time>', 'the time that it stands for, ISO 8601 (default: now)'),
    action: (context, { time }, name) =>
      act(context, name, 'trigger', time === undefined ? undefined : { time }, false),
  });
  define<{ from: string; to: string }>(schedules, session, 'backfill <schedule>', {
    summary: 'Start the jobs that a stretch of time would have had',
    examples: ['schedules backfill nightly --from 2026-01-01T00:00:00Z --to 2026-01-08T00:00:00Z'],
    options: (command) =>
      command.requiredOption('--from <time>', 'beginning, ISO 8601').requiredOption('--to <time>', 'end, ISO 8601'),
    action: (context, { from, to }, name) => act(context, name, 'backfill', { from, to }, false),
  });
  define<LimitOptions & { state?: string }>(schedules, session, 'runs <schedule>', {
    summary: 'List what a schedule has started',
    examples: ['schedules runs nightly', 'schedules runs nightly --state failed'],
    options: (command) => {
      command.addOption(new Option('--state <state>', 'only runs in this state').choices(RUN_STATES));
      limitOptions(command);
    },
    action: async (context, options, name) => {
      const { api, out } = context;
      const { state: only } = options;
      const path = `${await pathOf(context, kind, name)}/runs`;
      const page = await collect<Resource>(api, path, limitOf(options), { state: only });
      out.document(page, ({ value }) =>
        value.length === 0
          ? `No runs${only === undefined ? ' yet' : ` are ${only}`}.\n`
          : out.table<Resource>(
              [
                { title: 'Scheduled', value: (run) => shown(run['scheduledTime']) },
                { title: 'Started', value: (run) => shown(run['startedTime']) },
                { title: 'Job', value: (run) => shown(run['job']) },
                { title: 'State', value: (run) => run.state, paint: (text) => state(out.style, text) },
              ],
              value,
            ),
      );
      noteMore(context, page);
    },
  });
}

function shown(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
