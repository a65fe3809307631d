import type { Place } from '@windrow/contract';
import { fingerprint } from './canonical-json';

/** What a workspace or an experiment is created with. */
export interface PlaceSpec {
  displayName?: string;
  labels?: Record<string, string>;
}

export function newPlace(spec: PlaceSpec): Place {
  const now = new Date().toISOString();
  const { displayName, labels = {} } = spec;
  return {
    ...(displayName !== undefined && { displayName }),
    labels,
    createdTime: now,
    updatedTime: now,
    provisioningState: 'succeeded',
    specHash: fingerprint(spec),
  };
}
