import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Containers } from './containers';
import { ExperimentsController } from './experiments.controller';
import { Places } from './places';
import { Scopes } from './scopes';
import { WorkspaceGuard } from './workspace.guard';
import { WorkspacesController } from './workspaces.controller';
import { WorkspacesService } from './workspaces.service';

/** Global: whatever is put into a workspace asks whether it may be. */
@Global()
@Module({
  controllers: [WorkspacesController, ExperimentsController],
  providers: [Places, Scopes, Containers, WorkspacesService, { provide: APP_GUARD, useClass: WorkspaceGuard }],
  exports: [Places, Scopes, Containers],
})
export class PlacesModule {}
