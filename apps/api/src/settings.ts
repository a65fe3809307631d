import { defaultWorkspace } from '@windrow/contract';

/** The few settings that requests need to see. */
export class ApiSettings {
  /** Workspace behind the flat paths. */
  readonly workspace: string;

  constructor(region: string) {
    this.workspace = defaultWorkspace(region);
  }
}
