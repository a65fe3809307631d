import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../access/route-access';
import { Route } from '../docs/decorators';
import { WorkspacePath, WorkspacePipe } from '../http/paths';
import { AccountService } from './account.service';
import { AccountView, UsageList } from './dto';

@ApiTags('account')
@Controller('v1')
export class AccountController {
  constructor(private readonly service: AccountService) {}

  @Get('account')
  @Access('administrator')
  @Route({
    summary: 'Quotas of the Batch account, and what is used of them',
    description: 'What is used is up to half a minute old. 501 `NotConfigured` where the deployment does not name it.',
    answers: { 200: AccountView },
    problems: [501, 502],
  })
  account(): Promise<AccountView> {
    return this.service.account();
  }

  @Get('workspaces/:workspace/usage')
  @Route({
    summary: 'What a workspace uses of its quotas',
    description: 'Nodes are up to half a minute old.',
    answers: { 200: UsageList },
    problems: [404],
  })
  usage(@Param(WorkspacePipe) { workspace }: WorkspacePath): Promise<UsageList> {
    return this.service.usageOf(workspace);
  }
}
