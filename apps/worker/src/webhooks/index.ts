/** What goes to webhooks, and how. Knows nothing of Temporal. */
export { WebhookSender } from './sender';
export type { SenderConfig, Sent } from './sender';
