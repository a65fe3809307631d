import type { Command } from 'commander';
import { define, type Session, wholeNumber } from '../command';
import { pathOf } from './commands';
import { describe } from './describe';
import type { Kind, Resource } from './kind';

export function addResize(clusters: Command, session: Session, kind: Kind): void {
  define<{ min: number; max: number }>(clusters, session, 'resize <cluster>', {
    summary: 'Change how many nodes a cluster may have; nodes that go finish their tasks first',
    examples: ['clusters resize wind --min 0 --max 50'],
    options: (command) =>
      command
        .requiredOption('--min <nodes>', 'nodes kept even when idle', wholeNumber('--min'))
        .requiredOption('--max <nodes>', 'nodes at most', wholeNumber('--max', 1)),
    action: async (context, { min, max }, name) => {
      const path = `${await pathOf(context, kind, name)}:resize`;
      const body = { min, max };
      context.out.document(
        await context.api.json<Resource>(path, { method: 'POST', body, repeatable: true }),
        describe,
      );
    },
  });
}
