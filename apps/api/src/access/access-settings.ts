import type { AccessConfig } from './access-config';

/** How callers are told apart in this installation. */
export class AccessSettings {
  constructor(readonly config: AccessConfig) {}

  /** False: nobody is asked who they are. */
  get authenticates(): boolean {
    return this.config.adminKeySha256 !== undefined || this.config.issuers.length > 0;
  }
}
