import type { PayloadCodec } from '@temporalio/common';
import { defaultWorkspace, type PriceList, type WorkspaceQuotas } from '@windrow/contract';
import type { SecretKey } from '@windrow/codec';
import type { WebhookTargets } from '@windrow/config';

export interface DeploymentFacts {
  /** Of the deployment's VM sizes, where it has them. */
  prices?: PriceList | undefined;
  /** Origins of the vaults whose secrets tasks may have. */
  keyVaults?: string[];
  /** Of workspaces that have none of their own. */
  defaultQuotas?: WorkspaceQuotas;
  /** Links to blobs are signed by a user delegation key, which lives for seven days. */
  entraLinks?: boolean;
  /** Secrets at rest are sealed with the first; none: there can be none. */
  secretKeys?: SecretKey[];
  webhookTargets?: WebhookTargets;
}

/** Without a key: payloads are as they are. */
const PLAIN: PayloadCodec = { encode: async (payloads) => payloads, decode: async (payloads) => payloads };

/** The few settings that requests need to see. */
export class ApiSettings {
  /** Workspace behind the flat paths. */
  readonly workspace: string;

  constructor(
    region: string,
    readonly deployment: DeploymentFacts = {},
    readonly codec: PayloadCodec = PLAIN,
  ) {
    this.workspace = defaultWorkspace(region);
  }
}
