import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AuditLog, BlobStore, Catalogue, LinkMinter, ResourceStore } from '@windrow/storage';
import { AccessModule } from './access/access.module';
import { AccessSettings } from './access/access-settings';
import { ApplicationsModule } from './applications/applications.module';
import { AccountModule } from './account/account.module';
import { AuditModule } from './audit/audit.module';
import { AccountApplications } from './batch/account-applications';
import { BatchReader } from './batch/batch-reader';
import { ClustersModule } from './clusters/clusters.module';
import { CodecModule } from './codec/codec.module';
import { FileServersModule } from './file-servers/file-servers.module';
import { EventsModule } from './events/events.module';
import { HealthModule } from './health/health.module';
import { JobsModule } from './jobs/jobs.module';
import { MetricsModule } from './metrics/metrics.module';
import { ApiMetrics } from './monitoring/api-metrics';
import { MonitoringModule } from './monitoring/monitoring.module';
import { OutputsModule } from './outputs/outputs.module';
import { PlacesModule } from './places/places.module';
import { SchedulesModule } from './schedules/schedules.module';
import { ApiSettings } from './settings';
import { TasksModule } from './tasks/tasks.module';
import { WebhooksModule } from './webhooks/webhooks.module';
import { WorkflowGateway } from './workflows/workflow-gateway';

/** Everything outside this process. */
export interface Dependencies {
  blobs: BlobStore;
  links: LinkMinter;
  catalogue: Catalogue;
  resources: ResourceStore;
  workflows: WorkflowGateway;
  batch: BatchReader;
  applications: AccountApplications;
  audit: AuditLog;
  close(): Promise<void>;
}

@Global()
@Module({})
export class DependenciesModule {}

@Module({})
export class AppModule {
  static with(
    dependencies: Dependencies,
    settings: ApiSettings,
    access: AccessSettings,
    metrics: ApiMetrics,
  ): DynamicModule {
    const providers = [
      { provide: ApiMetrics, useValue: metrics },
      { provide: BlobStore, useValue: dependencies.blobs },
      { provide: LinkMinter, useValue: dependencies.links },
      { provide: Catalogue, useValue: dependencies.catalogue },
      { provide: ResourceStore, useValue: dependencies.resources },
      { provide: WorkflowGateway, useValue: dependencies.workflows },
      { provide: BatchReader, useValue: dependencies.batch },
      { provide: AccountApplications, useValue: dependencies.applications },
      { provide: AuditLog, useValue: dependencies.audit },
      { provide: ApiSettings, useValue: settings },
      { provide: AccessSettings, useValue: access },
    ];
    return {
      module: AppModule,
      imports: [
        { module: DependenciesModule, providers, exports: providers.map(({ provide }) => provide) },
        AccessModule,
        AuditModule,
        PlacesModule,
        JobsModule,
        TasksModule,
        OutputsModule,
        ClustersModule,
        FileServersModule,
        ApplicationsModule,
        AccountModule,
        SchedulesModule,
        CodecModule,
        EventsModule,
        MetricsModule,
        WebhooksModule,
        HealthModule,
        MonitoringModule,
      ],
    };
  }
}
