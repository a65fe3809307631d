import { Module } from '@nestjs/common';
import { ApplicationsController } from './applications.controller';
import { ApplicationsService } from './applications.service';
import { PackageUsers } from './package-users';
import { VersionsController } from './versions.controller';
import { VersionsService } from './versions.service';

@Module({
  controllers: [ApplicationsController, VersionsController],
  providers: [ApplicationsService, VersionsService, PackageUsers],
})
export class ApplicationsModule {}
