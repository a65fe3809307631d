import type { Place } from '@windrow/contract';
import { fingerprint } from './canonical-json';

/** What a workspace, an experiment or another resource of that kind is created with; what it has beside is kept. */
export interface PlaceSpec {
  displayName?: string;
  labels?: Record<string, string>;
}

export function newPlace(spec: PlaceSpec): Place {
  const now = new Date().toISOString();
  const { displayName, labels = {}, ...more } = spec;
  return {
    ...more,
    ...(displayName !== undefined && { displayName }),
    labels,
    createdTime: now,
    updatedTime: now,
    provisioningState: 'succeeded',
    specHash: fingerprint(spec),
  };
}
