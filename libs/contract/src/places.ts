/** What holds other things: workspaces, and the experiments within them. Kept in the store of resources, as file servers are. */
import type { JobKey } from './names';
import type { WorkspaceQuotas } from './quotas';

export type ExperimentKey = Pick<JobKey, 'workspace' | 'experiment'>;

/** `failed`: it could not be deleted; deleting it again goes on. */
export const PROVISIONING_STATES = ['succeeded', 'deleting', 'failed'] as const;
export type ProvisioningState = (typeof PROVISIONING_STATES)[number];

/** A workspace or an experiment as it is stored. */
export interface Place {
  displayName?: string;
  labels: Record<string, string>;
  createdTime: string;
  updatedTime: string;
  provisioningState: ProvisioningState;
  /** Fingerprint of the body it was created with: what a repeated request is compared to. */
  specHash: string;
  /** Of a workspace: set by administrators. */
  quotas?: WorkspaceQuotas;
}

/** Where a place is stored. */
export interface PlaceKey {
  kind: 'workspace' | 'experiment' | 'fileServer' | 'application';
  scope: string[];
  name: string;
}

/** Kinds of resources that lie in a workspace and hold nothing themselves: they go with it. */
export const WORKSPACE_KINDS = ['roleAssignment', 'apiKeyOf', 'fileServer', 'webhook', 'webhookDelivery'] as const;

export function workspacePlace(workspace: string): PlaceKey {
  return { kind: 'workspace', scope: [], name: workspace };
}

export function experimentPlace({ workspace, experiment }: ExperimentKey): PlaceKey {
  return { kind: 'experiment', scope: [workspace], name: experiment };
}

/** How long the API may take a place for open after it began to be deleted. Milliseconds. */
export const PLACE_CACHE_MS = 2000;
/** How long a deletion waits for requests that were let in before; more than {@link PLACE_CACHE_MS}. Milliseconds. */
export const PLACE_SETTLE_MS = 5000;
