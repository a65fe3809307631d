import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  type ApplicationKey,
  type ApplicationVersionKey,
  type ClusterKey,
  DEFAULT_EXPERIMENT,
  type FileServerKey,
  type JobKey,
  NAME_PATTERN,
  SCHEDULE_PATTERN,
  type ScheduleKey,
  WORKSPACE_PATTERN,
} from '@windrow/contract';
import { InvalidRequestError, NotFoundError } from '../common/errors';
import { ApiSettings } from '../settings';

/** The flat path stands for workspace `migrated-{region}`, experiment `migrated`. */
export const WORKSPACE_PATHS = ['v1/workspaces'];
export const EXPERIMENT_PATHS = ['v1/workspaces/:workspace/experiments'];
export const JOB_PATHS = ['v1/workspaces/:workspace/experiments/:experiment/jobs', 'v1/jobs'];
export const WEBHOOK_PATHS = ['v1/workspaces/:workspace/webhooks'];
export const CLUSTER_PATHS = ['v1/workspaces/:workspace/clusters', 'v1/clusters'];
export const FILE_SERVER_PATHS = ['v1/workspaces/:workspace/fileServers', 'v1/fileServers'];
export const APPLICATION_PATHS = ['v1/workspaces/:workspace/applications', 'v1/applications'];
export const VERSION_PATHS = APPLICATION_PATHS.map((path) => `${path}/:application/versions`);

export const SCHEDULE_PATHS = ['v1/workspaces/:workspace/schedules', 'v1/schedules'];

/** Azure's rule (Batch management, "Application Package - Create"). */
export const PACKAGE_VERSION = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/;

export class WorkspacePath {
  @ApiProperty({
    description: 'Workspace: lower-case letters, digits, hyphens.',
    example: 'aero',
    pattern: WORKSPACE_PATTERN.source,
  })
  workspace!: string;
}

export class JobsPath extends WorkspacePath {
  @ApiProperty({ description: 'Experiment that groups jobs.', example: 'blades', pattern: NAME_PATTERN.source })
  experiment!: string;
}

export class JobPath extends JobsPath implements JobKey {
  @ApiProperty({ description: 'Name of the job.', example: 'wordcount', pattern: NAME_PATTERN.source })
  job!: string;
}

export class TaskPath extends JobPath {
  @ApiProperty({
    description: 'Index of the task, from 0.',
    example: 0,
    type: 'integer',
    minimum: 0,
    maximum: 99_999_999,
  })
  index!: number;
}

export class ClusterPath extends WorkspacePath implements ClusterKey {
  @ApiProperty({ description: 'Name of the cluster.', example: 'wind', pattern: NAME_PATTERN.source })
  cluster!: string;
}

export class FileServerPath extends WorkspacePath implements FileServerKey {
  @ApiProperty({ description: 'Name of the file server.', example: 'data', pattern: NAME_PATTERN.source })
  fileServer!: string;
}

export class ApplicationPath extends WorkspacePath implements ApplicationKey {
  @ApiProperty({ description: 'Name of the application.', example: 'solver', pattern: NAME_PATTERN.source })
  application!: string;
}

export class VersionPath extends ApplicationPath implements ApplicationVersionKey {
  @ApiProperty({
    description: 'Version of the application, whatever its case.',
    example: '1.2',
    pattern: PACKAGE_VERSION.source,
  })
  version!: string;
}

export class WebhookPath extends WorkspacePath {
  @ApiProperty({ description: 'Name of the webhook.', example: 'on-call', pattern: NAME_PATTERN.source })
  webhook!: string;
}

export class SchedulePath extends WorkspacePath implements ScheduleKey {
  @ApiProperty({ description: 'Name of the schedule.', example: 'nightly', pattern: SCHEDULE_PATTERN.source })
  schedule!: string;
}

type Params = Record<string, string | undefined>;

@Injectable()
export class WorkspacePipe implements PipeTransform<Params, WorkspacePath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): WorkspacePath {
    const workspace = params['workspace'] ?? this.settings.workspace;
    return { workspace: named('workspace', workspace, WORKSPACE_PATTERN) };
  }
}

@Injectable()
export class JobsPipe implements PipeTransform<Params, JobsPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): JobsPath {
    const { workspace } = new WorkspacePipe(this.settings).transform(params);
    return { workspace, experiment: named('experiment', params['experiment'] ?? DEFAULT_EXPERIMENT) };
  }
}

@Injectable()
export class JobPipe implements PipeTransform<Params, JobPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): JobPath {
    return { ...new JobsPipe(this.settings).transform(params), job: named('job', params['job'] ?? '') };
  }
}

@Injectable()
export class TaskPipe implements PipeTransform<Params, TaskPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): TaskPath {
    const index = params['index'] ?? '';
    if (!/^\d{1,8}$/.test(index)) throw new NotFoundError('TaskNotFound', `'${index}' is no index of a task.`);
    return { ...new JobPipe(this.settings).transform(params), index: Number(index) };
  }
}

@Injectable()
export class ClusterPipe implements PipeTransform<Params, ClusterPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): ClusterPath {
    return {
      ...new WorkspacePipe(this.settings).transform(params),
      cluster: named('cluster', params['cluster'] ?? ''),
    };
  }
}

@Injectable()
export class FileServerPipe implements PipeTransform<Params, FileServerPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): FileServerPath {
    return {
      ...new WorkspacePipe(this.settings).transform(params),
      fileServer: named('fileServer', params['fileServer'] ?? ''),
    };
  }
}

@Injectable()
export class ApplicationPipe implements PipeTransform<Params, ApplicationPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): ApplicationPath {
    return {
      ...new WorkspacePipe(this.settings).transform(params),
      application: named('application', params['application'] ?? ''),
    };
  }
}

@Injectable()
export class VersionPipe implements PipeTransform<Params, VersionPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): VersionPath {
    const version = params['version'] ?? '';
    const path = new ApplicationPipe(this.settings).transform(params);
    if (PACKAGE_VERSION.test(version)) return { ...path, version };
    const message = 'must be letters, digits, -, _ and ., at most 64, not beginning with a .';
    throw new InvalidRequestError([{ path: 'version', code: 'InvalidName', message }]);
  }
}

@Injectable()
export class WebhookPipe implements PipeTransform<Params, WebhookPath> {
  constructor(private readonly settings: ApiSettings) {}

  transform(params: Params): WebhookPath {
    return {
      ...new WorkspacePipe(this.settings).transform(params),
      webhook: named('webhook', params['webhook'] ?? ''),
    };
  }
}

@Injectable()
export class SchedulePipe implements PipeTransform<Params, SchedulePath> {
  constructor(private readonly settings: ApiSettings) {}

  /** The names of its jobs begin with that of a schedule, and so it is shorter than other names. */
  transform(params: Params): SchedulePath {
    const { workspace } = new WorkspacePipe(this.settings).transform(params);
    const schedule = named('schedule', params['schedule'] ?? '');
    if (SCHEDULE_PATTERN.test(schedule)) return { workspace, schedule };
    throw new InvalidRequestError([
      { path: 'schedule', code: 'InvalidName', message: 'must have at most 47 characters: its jobs are named by it' },
    ]);
  }
}

function named(what: string, name: string, pattern = NAME_PATTERN): string {
  if (pattern.test(name)) return name;
  const form =
    pattern === WORKSPACE_PATTERN
      ? 'lower-case letters, digits and single hyphens, at most 48'
      : 'letters, digits, - and _, at most 64, beginning with a letter or digit';
  throw new InvalidRequestError([{ path: what, code: 'InvalidName', message: `must be ${form}` }]);
}
