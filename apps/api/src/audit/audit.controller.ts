import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditLog, type AuditPosition } from '@windrow/storage';
import { Access } from '../access/route-access';
import { decodePageToken, encodePageToken, type PageToken } from '../common/page-token';
import { Route } from '../docs/decorators';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { AuditList, AuditQueryDto, WorkspaceAuditQuery } from './dto';

const DAY_MS = 86_400_000;
const DESCRIPTION = 'In the order they were written. Pages may be short; go on as long as there is a `nextLink`.';

interface AuditToken extends PageToken, AuditPosition {
  kind: 'audit';
  /** What was meant by now when the first page was asked for. */
  from: string;
  to: string;
}

@ApiTags('access')
@Controller('v1')
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  @Get('audit')
  @Access('administrator')
  @Route({ summary: 'Read the audit log', description: DESCRIPTION, answers: { 200: AuditList } })
  async all(@Query() query: AuditQueryDto, @RequestUrls() urls: Urls): Promise<AuditList> {
    return this.page(query, query.workspace, urls);
  }

  @Get('workspaces/:workspace/audit')
  @Access('owner')
  @Route({
    summary: 'Read the audit log of a workspace',
    description: DESCRIPTION,
    answers: { 200: AuditList },
    problems: [404],
  })
  async ofWorkspace(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Query() query: WorkspaceAuditQuery,
    @RequestUrls() urls: Urls,
  ): Promise<AuditList> {
    return this.page(query, workspace, urls);
  }

  private async page(query: WorkspaceAuditQuery, workspace: string | undefined, urls: Urls): Promise<AuditList> {
    const { principal, pageSize = DEFAULT_PAGE_SIZE, pageToken } = query;
    const list = JSON.stringify(['audit', workspace, principal, query.from, query.to]);
    const token = pageToken === undefined ? undefined : decodePageToken(pageToken, list, isAuditToken);
    const { from, to } = token ?? period(query);
    const { records, next } = await this.audit.read({
      from,
      to,
      pageSize,
      ...(token && { after: token }),
      matches: (record) =>
        (workspace === undefined || record.workspace === workspace) &&
        (principal === undefined || record.principal === principal),
    });
    return { value: records, ...urls.next(next && encodePageToken(tokenOf({ ...next, from, to }), list)) };
  }
}

function period({ from, to }: { from?: string; to?: string }): { from: string; to: string } {
  const end = to === undefined ? Date.now() : Date.parse(to);
  const begin = from === undefined ? end - DAY_MS : Date.parse(from);
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

function tokenOf(place: Omit<AuditToken, 'kind'>): AuditToken {
  return { kind: 'audit', ...place };
}

function isAuditToken(token: PageToken): token is AuditToken {
  const { kind, blob, offset, from, to } = token as Partial<AuditToken>;
  const texts = [blob, from, to].every((text) => typeof text === 'string');
  return kind === 'audit' && texts && Number.isSafeInteger(offset) && offset! >= 0;
}
