import { defaultWorkspace } from '@windrow/contract';

/** The few settings that requests need to see. */
export class ApiSettings {
  /** Workspace behind the flat paths. */
  readonly workspace: string;

  /** @param keyVaults origins of the vaults whose secrets tasks may have */
  constructor(
    region: string,
    readonly keyVaults: string[] = [],
  ) {
    this.workspace = defaultWorkspace(region);
  }
}
