import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard';
import { AccessStore } from './access-store';
import { Authenticator } from './authenticator';
import { ApiKeysController } from './keys/api-keys.controller';
import { ApiKeysService } from './keys/api-keys.service';
import { WorkspaceKeysController } from './keys/workspace-keys.controller';
import { MeController } from './me.controller';
import { TokenVerifier } from './oidc/token-verifier';
import { RoleAssignmentsController } from './roles/role-assignments.controller';
import { RoleAssignmentsService } from './roles/role-assignments.service';

@Module({
  controllers: [MeController, ApiKeysController, WorkspaceKeysController, RoleAssignmentsController],
  providers: [
    AccessStore,
    ApiKeysService,
    TokenVerifier,
    RoleAssignmentsService,
    Authenticator,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class AccessModule {}
