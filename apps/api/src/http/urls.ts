import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type {
  ApplicationKey,
  ApplicationVersionKey,
  ClusterKey,
  ExperimentKey,
  FileServerKey,
  JobKey,
  ScheduleKey,
} from '@windrow/contract';
import type { HttpRequest } from './exchange';

/** Makes the links of an answer, on the address the client itself used. */
export class Urls {
  constructor(
    private readonly origin: string,
    private readonly requestUrl: string,
  ) {}

  workspace(workspace: string): string {
    return `${this.origin}/v1/workspaces/${workspace}`;
  }

  experiment({ workspace, experiment }: ExperimentKey): string {
    return `${this.workspace(workspace)}/experiments/${experiment}`;
  }

  job(key: JobKey): string {
    return `${this.experiment(key)}/jobs/${key.job}`;
  }

  cluster({ workspace, cluster }: ClusterKey): string {
    return `${this.workspace(workspace)}/clusters/${cluster}`;
  }

  fileServer({ workspace, fileServer }: FileServerKey): string {
    return `${this.workspace(workspace)}/fileServers/${fileServer}`;
  }

  application({ workspace, application }: ApplicationKey): string {
    return `${this.workspace(workspace)}/applications/${application}`;
  }

  applicationVersion({ version, ...key }: ApplicationVersionKey): string {
    return `${this.application(key)}/versions/${version}`;
  }

  schedule({ workspace, schedule }: ScheduleKey): string {
    return `${this.workspace(workspace)}/schedules/${schedule}`;
  }

  task(key: JobKey, index: number): string {
    return `${this.job(key)}/tasks/${index}`;
  }

  file(key: JobKey, index: number, path: string, attempt: number | undefined): string {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return `${this.task(key, index)}/files/${encoded}${attempt === undefined ? '' : `?attempt=${attempt}`}`;
  }

  root(path: string): string {
    return `${this.origin}${path}`;
  }

  /** This request once more, a page on. */
  next(pageToken: string | undefined): { nextLink?: string } {
    if (pageToken === undefined) return {};
    const url = new URL(this.requestUrl, this.origin);
    url.searchParams.set('pageToken', pageToken);
    return { nextLink: url.href };
  }
}

/** Hands {@link Urls} to a controller's method. */
export const RequestUrls = createParamDecorator((_data: unknown, context: ExecutionContext): Urls => {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  return new Urls(request.context?.origin ?? '', request.originalUrl);
});
