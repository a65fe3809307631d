import { CliError } from '../errors';
import type { Settings } from '../settings/settings';
import type { ApiClient } from './client';

interface Index {
  workspace: string;
  experiment: string;
}

const DEFAULT_EXPERIMENT = 'migrated';

/** Where a command works: the paths for the workspace and experiment it was given, or the API's flat default ones. */
export class Scope {
  private index: Promise<Index> | undefined;

  constructor(
    private readonly api: ApiClient,
    private readonly settings: Pick<Settings, 'workspace' | 'experiment'>,
  ) {}

  async jobs(): Promise<string> {
    const { workspace, experiment } = this.settings;
    if (workspace === undefined && experiment === undefined) return '/v1/jobs';
    return `${await this.inWorkspace('experiments')}/${part(experiment ?? DEFAULT_EXPERIMENT)}/jobs`;
  }

  async job(name: string): Promise<string> {
    return `${await this.jobs()}/${part(name)}`;
  }

  /** A collection below the workspace, such as `schedules`. Those with a flat path are asked for there. */
  async inWorkspace(collection: string, { flat = false } = {}): Promise<string> {
    if (flat && this.settings.workspace === undefined) return `/v1/${collection}`;
    return `/v1/workspaces/${part(await this.workspace())}/${collection}`;
  }

  /** The workspace given, else the API's default one, which only the API knows. */
  async workspace(): Promise<string> {
    return this.settings.workspace ?? (await this.defaults()).workspace;
  }

  private defaults(): Promise<Index> {
    this.index ??= this.api.json<Index>('/v1');
    return this.index;
  }
}

/** A name as one segment of a path. @throws CliError for what would lead to another resource */
export function part(name: string): string {
  if (/^\.{0,2}$/.test(name))
    throw new CliError(`'${name}' is no name.`, { next: 'Names begin with a letter or digit.' });
  return encodeURIComponent(name);
}
