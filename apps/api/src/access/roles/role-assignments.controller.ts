import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import { NAME_PATTERN } from '@windrow/contract';
import { type FieldError, InvalidRequestError } from '../../common/errors';
import { Route } from '../../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../../http/etags';
import type { HttpResponse } from '../../http/exchange';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../../http/page-query';
import { WorkspacePath, WorkspacePipe } from '../../http/paths';
import { RequestUrls, type Urls } from '../../http/urls';
import { AccessSettings } from '../access-settings';
import { Caller, type Principal } from '../principal';
import { Access } from '../route-access';
import { ROLE_ASSIGNMENT_EXAMPLES, RoleAssignmentDto, RoleAssignmentList, RoleAssignmentView } from './dto';
import { type AssignedPrincipal, type RoleAssignment, RoleAssignmentsService, tagOf } from './role-assignments.service';

const NAME = {
  name: 'name',
  description: 'Name of the assignment.',
  schema: { type: 'string', pattern: NAME_PATTERN.source, example: 'aero-team' },
};

@ApiTags('access')
@Access('owner')
@Controller('v1/workspaces/:workspace/roleAssignments')
export class RoleAssignmentsController {
  constructor(
    private readonly assignments: RoleAssignmentsService,
    private readonly settings: AccessSettings,
  ) {}

  @Get()
  @Route({ summary: 'List the role assignments of a workspace', answers: { 200: RoleAssignmentList }, problems: [404] })
  async list(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<RoleAssignmentList> {
    const page = await this.assignments.list(workspace, { pageSize: DEFAULT_PAGE_SIZE, ...query });
    const value = page.rows.map((row) => viewOf(workspace, row.name, row.value, urls));
    return { value, ...urls.next(page.nextPageToken) };
  }

  @Put(':name')
  @ApiParam(NAME)
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Give a role in a workspace, or change it',
    description: 'It holds for new requests within seconds. API keys carry their roles themselves.',
    body: RoleAssignmentDto,
    examples: ROLE_ASSIGNMENT_EXAMPLES,
    answers: { 201: RoleAssignmentView, 200: RoleAssignmentView },
    tagged: true,
    problems: [404, 412],
  })
  async put(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Param('name') name: string,
    @Body() body: RoleAssignmentDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @Caller() caller: Principal,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<RoleAssignmentView> {
    const errors = [...nameErrors(name), ...this.principalErrors(body.principal)];
    if (errors.length > 0) throw new InvalidRequestError(errors);
    const change = { ...body, createdBy: caller.id };
    const { stored, created } = await this.assignments.put(workspace, name, change, ifMatch);
    const view = viewOf(workspace, name, stored.value, urls);
    setEtag(response, tagOf(stored));
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }

  @Get(':name')
  @ApiParam(NAME)
  @Route({ summary: 'Get a role assignment', answers: { 200: RoleAssignmentView }, tagged: true, problems: [404] })
  async get(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Param('name') name: string,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<RoleAssignmentView> {
    const stored = await this.assignments.get(workspace, named(name));
    setEtag(response, tagOf(stored));
    return viewOf(workspace, name, stored.value, urls);
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiParam(NAME)
  @ApiHeader(IF_MATCH)
  @Route({ summary: 'Take a role away', answers: { 204: 'It is taken away.' }, problems: [404, 412] })
  async delete(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Param('name') name: string,
    @IfMatch() ifMatch: TagCondition | undefined,
  ): Promise<void> {
    await this.assignments.delete(workspace, named(name), ifMatch);
  }

  /** An assignment that no token can ever match would only look as if it gave something. */
  private principalErrors({ issuer, subject, role, group }: AssignedPrincipal): FieldError[] {
    const given = [subject, role, group].filter((value) => value !== undefined).length;
    const { issuers } = this.settings.config;
    const known = issuers.find((one) => one.issuer === issuer);
    const errors: FieldError[] = [];
    const fault = (path: string, code: string, message: string) => errors.push({ path, code, message });
    if (given !== 1) fault('$.principal', 'InvalidValue', 'must have exactly one of subject, role and group');
    if (issuers.length > 0 && !known) {
      const names = issuers.map((one) => one.issuer).join(', ');
      fault('$.principal.issuer', 'UnknownIssuer', `must be an issuer that this installation trusts: ${names}`);
    }
    if (group !== undefined && known && known.groupsClaim === undefined) {
      fault('$.principal.group', 'InvalidValue', 'is never looked at: the issuer is configured without a groupsClaim');
    }
    return errors;
  }
}

function viewOf(workspace: string, name: string, assignment: RoleAssignment, urls: Urls): RoleAssignmentView {
  return { name, url: urls.root(`/v1/workspaces/${workspace}/roleAssignments/${name}`), ...assignment };
}

function nameErrors(name: string): FieldError[] {
  if (NAME_PATTERN.test(name)) return [];
  const message = 'must be letters, digits, - and _, at most 64, beginning with a letter or digit';
  return [{ path: 'name', code: 'InvalidName', message }];
}

function named(name: string): string {
  const errors = nameErrors(name);
  if (errors.length > 0) throw new InvalidRequestError(errors);
  return name;
}
