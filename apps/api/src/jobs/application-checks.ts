import { Injectable } from '@nestjs/common';
import {
  type Application,
  applicationPlace,
  type ApplicationReference,
  type ApplicationVersion,
  isApplication,
  isWorkspaceApplication,
  type ProgramSource,
  versionPlace,
} from '@windrow/contract';
import { ResourceStore } from '@windrow/storage';
import { BatchReader } from '../batch/batch-reader';
import type { FieldError } from '../common/errors';

/** Looks up the applications that programs name: in the workspace first, then in the Batch account. */
@Injectable()
export class ApplicationChecks {
  constructor(
    private readonly batch: BatchReader,
    private readonly resources: ResourceStore,
  ) {}

  /** Applications that are nowhere, or not in the version that is named; `path` is that of `program`. */
  async errors(workspace: string, program: ProgramSource[] = [], path: string): Promise<FieldError[]> {
    const errors = program.map(async (source, n) =>
      isApplication(source) ? this.errorsOf(workspace, source, `${path}[${n}]`) : [],
    );
    return (await Promise.all(errors)).flat();
  }

  private async errorsOf(workspace: string, source: ApplicationReference, path: string): Promise<FieldError[]> {
    const place = applicationPlace({ workspace, application: source.application });
    const own = (await this.resources.get<Application>(place))?.value;
    return own ? this.ownErrors(workspace, own, source, path) : this.accountErrors(source, path);
  }

  private async ownErrors(
    workspace: string,
    { provisioningState, defaultVersion }: Application,
    { application, version = defaultVersion }: ApplicationReference,
    path: string,
  ): Promise<FieldError[]> {
    if (provisioningState !== 'succeeded') {
      const message = `names an application that is being deleted: '${application}'`;
      return [{ path: `${path}.application`, code: 'ApplicationDeleting', message }];
    }
    if (version === undefined) {
      const message = `must be given: application '${application}' has no default version. Set one by PATCH, or name one here`;
      return [{ path: `${path}.version`, code: 'ApplicationVersionNotFound', message }];
    }
    const found = await this.resources.get<ApplicationVersion>(versionPlace({ workspace, application, version }));
    if (found?.value.state === 'active') return [];
    const what = found ? 'a version that is not active' : 'no version';
    const message = `names ${what} of application '${application}': '${version}'. Upload and activate it, or name another`;
    return [{ path: `${path}.version`, code: 'ApplicationVersionNotFound', message }];
  }

  /** Those of other workspaces are not there, in the same words. */
  private async accountErrors({ application, version }: ApplicationReference, path: string): Promise<FieldError[]> {
    const hidden = isWorkspaceApplication(application);
    const versions = hidden ? undefined : await this.batch.applicationVersions(application);
    if (!versions) {
      const message = `names no application of the workspace or of the Batch account: '${application}'`;
      return [{ path: `${path}.application`, code: 'ApplicationNotFound', message }];
    }
    if (version === undefined || versions.includes(version)) return [];
    const message = `names no version of application '${application}': '${version}'. There are ${versions.join(', ')}`;
    return [{ path: `${path}.version`, code: 'ApplicationVersionNotFound', message }];
  }
}
