import type { WebhookDelivery } from '@windrow/contract';
import type { Command } from 'commander';
import { define, type Session } from '../command';
import { type Context, suggested } from '../context';
import { collect } from '../http/pages';
import { limitOf, type LimitOptions, limitOptions, noteMore } from '../jobs/listing';
import { state } from '../output/style';
import { pathOf } from './commands';
import { describe } from './describe';
import type { Kind, Resource } from './kind';

/** `test`, `rotate` and `deliveries` of webhooks. */
export function addWebhookActions(webhooks: Command, session: Session, kind: Kind): void {
  define(webhooks, session, 'test <webhook>', {
    summary: 'Send a test event to a webhook',
    examples: ['webhooks test on-call -w aero'],
    action: async (context, _options, name) => {
      const path = `${await pathOf(context, kind, name)}:test`;
      context.out.document(await context.api.json<Resource>(path, { method: 'POST' }), describe);
      context.out.note(`Sent. \`${suggested(context, `webhooks deliveries ${name}`)}\` tells how it went.`);
    },
  });
  define(webhooks, session, 'rotate <webhook>', {
    summary: 'Give a webhook a new secret, which is shown once; the old one signs for 24 hours more',
    examples: ['webhooks rotate on-call -w aero'],
    action: async (context, _options, name) => {
      // Not repeated after a lost answer: each request makes a secret.
      const path = `${await pathOf(context, kind, name)}:rotate`;
      context.out.document(await context.api.json<Resource>(path, { method: 'POST' }), describe);
      noteSecret(context);
    },
  });
  define<LimitOptions>(webhooks, session, 'deliveries <webhook>', {
    summary: 'List the latest deliveries of a webhook, newest first',
    examples: ['webhooks deliveries on-call -w aero', 'webhooks deliveries on-call -w aero -o json'],
    options: limitOptions,
    action: async (context, options, name) => {
      const path = `${await pathOf(context, kind, name)}/deliveries`;
      const page = await collect<WebhookDelivery>(context.api, path, limitOf(options));
      context.out.document(page, ({ value }) => (value.length === 0 ? 'No deliveries yet.\n' : table(context, value)));
      noteMore(context, page);
    },
  });
}

export function noteSecret({ out }: Context): void {
  out.note('The secret is shown this once. Whoever has it can sign as Windrow does: keep it to yourself.');
}

function table({ out }: Context, deliveries: WebhookDelivery[]): string {
  return out.table<WebhookDelivery>(
    [
      { title: 'Event', value: ({ event }) => event },
      { title: 'Type', value: ({ type }) => type },
      { title: 'Time', value: ({ eventTime }) => eventTime },
      { title: 'State', value: (row) => row.state, paint: (text) => state(out.style, text) },
      { title: 'Attempts', value: ({ attempts }) => attempts.length, right: true },
      { title: 'Next', value: ({ nextTime }) => nextTime },
      { title: 'Last', value: ({ attempts }) => attempts.at(-1)?.error ?? attempts.at(-1)?.status },
    ],
    deliveries,
  );
}
