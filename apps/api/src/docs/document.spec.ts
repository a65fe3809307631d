import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { validateAs } from '../common/validation/validate';
import { ClusterChangeDto, ClusterDto, ResizeDto } from '../clusters/dto';
import { ApplicationChangeDto, ApplicationDto } from '../applications/dto';
import { ApiKeyDto, WorkspaceKeyDto } from '../access/keys/dto';
import { RoleAssignmentDto } from '../access/roles/dto';
import { PayloadsDto } from '../codec/dto';
import { FileServerChangeDto, FileServerDto } from '../file-servers/dto';
import { JobChangeDto, PauseDto } from '../jobs/dto/job-change.dto';
import { RedriveDto } from '../jobs/dto/redrive.dto';
import { JobSpecDto } from '../jobs/dto/job-spec.dto';
import { ExperimentChangeDto, ExperimentDto, WorkspaceChangeDto, WorkspaceDto } from '../places/dto';
import { WebhookChangeDto, WebhookDto } from '../webhooks/dto';
import { BackfillDto, ScheduleChangeDto, ScheduleDto, SchedulePauseDto, TriggerDto } from '../schedules/dto';
import { startApi } from '../testing/start-api';

describe('the description of the API', () => {
  let document: OpenAPIObject;
  beforeAll(async () => {
    const sut = await startApi();
    document = (await sut.http.get('/docs-json').expect(200)).body;
    await sut.close();
  });

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      (['get', 'put', 'post', 'patch', 'delete'] as const).flatMap((verb) => {
        const operation = item[verb];
        return operation ? [{ name: `${verb} ${path}`, path, operation }] : [];
      }),
    );

  it('has every route under both kinds of path', () => {
    const paths = Object.keys(document.paths);
    expect(paths.join()).not.toContain('~');
    for (const path of paths.filter((one) => one.startsWith('/v1/jobs'))) {
      expect(paths).toContain(path.replace('/v1/', '/v1/workspaces/{workspace}/experiments/{experiment}/'));
    }
    expect(paths).toEqual(
      expect.arrayContaining(['/v1/jobs:plan', '/v1/jobs/{job}:cancel', '/v1/clusters/{cluster}:resize']),
    );
  });

  it('documents each operation once, with its answers and its parameters', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, path, operation } of operations()) {
      const statuses = Object.keys(operation.responses);
      expect([name, statuses.some((status) => status.startsWith('2'))]).toEqual([name, true]);
      expect([name, statuses]).toEqual([name, expect.arrayContaining(['400', '500', '503'])]);
      const inPath = (operation.parameters ?? []).flatMap((one) =>
        'in' in one && one.in === 'path' ? [one.name] : [],
      );
      const inTemplate = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect([name, inPath.sort()]).toEqual([name, inTemplate.sort()]);
      expect([name, operation.summary]).toEqual([name, expect.any(String)]);
    }
  });

  it('gives each body examples that pass its own checks', () => {
    const classes: Record<string, Type<object>> = {
      PayloadsDto,
      JobSpecDto,
      ClusterDto,
      ResizeDto,
      PauseDto,
      JobChangeDto,
      RedriveDto,
      ClusterChangeDto,
      WorkspaceDto,
      WorkspaceChangeDto,
      ExperimentDto,
      ExperimentChangeDto,
      FileServerDto,
      FileServerChangeDto,
      ApplicationDto,
      ApplicationChangeDto,
      ApiKeyDto,
      WorkspaceKeyDto,
      RoleAssignmentDto,
      WebhookDto,
      WebhookChangeDto,
      ScheduleDto,
      ScheduleChangeDto,
      SchedulePauseDto,
      TriggerDto,
      BackfillDto,
    };
    const bodies = operations().flatMap(({ operation }) => (operation.requestBody ? [operation.requestBody] : []));
    expect(bodies.length).toBe(59);
    for (const body of bodies) {
      const media = 'content' in body ? body.content['application/json'] : undefined;
      const name = media?.schema && '$ref' in media.schema ? (media.schema.$ref.split('/').at(-1) ?? '') : '';
      const examples = Object.values(media?.examples ?? {});
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const type = classes[name];
        expect(type && validateAs(type, 'value' in example ? example.value : undefined)).toEqual([]);
      }
    }
  });

  it('closes the schemas of bodies and refers only to schemas it has', () => {
    const schemas = document.components?.schemas ?? {};
    expect(schemas['JobSpecDto']).toMatchObject({ additionalProperties: false, required: ['input', 'task', 'pool'] });
    expect(schemas['BlobsInputDto']).toMatchObject({ additionalProperties: false });
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]*)/g)].map(
      (match) => match[1],
    );
    expect(references.filter((name) => name === undefined || !(name in schemas))).toEqual([]);
  });
});
