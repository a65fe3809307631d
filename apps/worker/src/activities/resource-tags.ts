import type { MetadataItem } from '@windrow/batch';
import { ResourceTag } from '@windrow/contract';

type Tagged = { metadata?: MetadataItem[] };

/** What is noted on a Batch resource under a name of `ResourceTag`. */
export function tag({ metadata }: Tagged, name: string): string | undefined {
  return metadata?.find((item) => item.name === name)?.value;
}

/** The customer wants it to outlive its job, and deletes it. */
export function isKept(resource: Tagged): boolean {
  return tag(resource, ResourceTag.keep) === 'true';
}
