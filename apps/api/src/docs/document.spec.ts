import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

  it('says of each answer what it is: problems as such, the others by a schema that is not empty', () => {
    const resolved = (schema: object) => {
      const name = '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
      return name === undefined ? schema : document.components?.schemas?.[name];
    };
    for (const { name, operation } of operations()) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        const where = `${name} ${status}`;
        if (!answer || '$ref' in answer) throw new Error(`${where} is only a reference`);
        const content = Object.entries(answer.content ?? {});
        if (Number(status) >= 400) {
          const schema = { $ref: '#/components/schemas/Problem' };
          expect([where, content]).toEqual([where, [['application/problem+json', { schema }]]]);
        }
        const bodiless = ['202', '204', '304'].includes(status);
        expect([where, content.length > 0 || bodiless]).toEqual([where, true]);
        for (const [type, { schema }] of content) {
          const described = schema && resolved(schema);
          expect([where, type, described]).toEqual([
            where,
            type,
            expect.objectContaining({ type: expect.any(String) }),
          ]);
          if (described && 'type' in described && described.type === 'object') {
            expect([where, Object.keys('properties' in described ? (described.properties ?? {}) : {})]).toEqual([
              where,
              expect.arrayContaining([expect.anything()]),
            ]);
          }
        }
      }
    }
  });

  it('says of each parameter what it is for and what it looks like, and gives an example of each in a path', () => {
    for (const { name, operation } of operations()) {
      for (const parameter of operation.parameters ?? []) {
        if ('$ref' in parameter) throw new Error(`${name} has only a reference`);
        const { schema, example } = parameter;
        const own = schema && !('$ref' in schema) ? schema : {};
        expect([name, parameter.name, parameter.description]).toEqual([name, parameter.name, expect.any(String)]);
        expect([name, parameter.name, own.type]).toEqual([name, parameter.name, expect.any(String)]);
        if (parameter.in !== 'path') continue;
        expect([name, parameter.name, example ?? own.example]).toEqual([name, parameter.name, expect.anything()]);
        // What a path may hold is bounded, so that a generator knows it.
        const bounded = own.pattern !== undefined || own.maximum !== undefined || own.maxLength !== undefined;
        expect([name, parameter.name, bounded]).toEqual([name, parameter.name, true]);
      }
    }
  });

  it('tells of the headers that answers have', () => {
    const headersOf = (name: string, status: string) => {
      const answer = operations().find((one) => one.name === name)?.operation.responses[status];
      return Object.keys((answer && 'headers' in answer && answer.headers) || {});
    };
    expect(headersOf('put /v1/clusters/{cluster}', '201')).toEqual(['ETag', 'Location']);
    expect(headersOf('get /v1/jobs/{job}', '200')).toEqual(['ETag']);
    expect(headersOf('post /v1/applications', '201')).toEqual(['ETag', 'Location']);
    expect(headersOf('get /v1/applications/{application}/versions/{version}', '200')).toEqual(['ETag']);
    for (const { name } of operations().filter(({ path }) => path.startsWith('/v1'))) {
      expect([name, headersOf(name, '401')]).toEqual([name, ['WWW-Authenticate']]);
      for (const status of ['429', '503']) expect([name, headersOf(name, status)]).toEqual([name, ['Retry-After']]);
    }
  });

  it('names workspaces that are not there as an answer wherever a path has one', () => {
    for (const { name, path, operation } of operations()) {
      const told = '404' in operation.responses || !path.includes('{workspace}');
      expect([name, told]).toEqual([name, true]);
    }
  });

  it('has one class for each name of a schema: of two, one would describe the answers of both', () => {
    const classes = sources(path.resolve(__dirname, '..')).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^(?:export )?class (\w+)/gm)].map((match) => match[1]!),
    );
    const schemas = new Set(Object.keys(document.components?.schemas ?? {}));
    const described = classes.filter((name) => schemas.has(name));
    expect(described.length).toBeGreaterThanOrEqual(schemas.size);
    expect(described.filter((name, n) => described.indexOf(name) !== n)).toEqual([]);
  });

  it('gives no text a pattern and lengths that it cannot have together', () => {
    const texts: [string, string, number][] = [];
    const walk = (at: string, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('type' in value && 'pattern' in value && 'maxLength' in value) {
        texts.push([at, String(value.pattern), Number(value.maxLength)]);
      }
      for (const [key, entry] of Object.entries(value)) walk(`${at}.${key}`, entry);
    };
    walk('', document.components?.schemas);
    expect(texts.length).toBeGreaterThan(10);
    for (const [at, pattern, max] of texts) {
      const bound = /\{\d+,(\d+)\}\$$/.exec(pattern)?.[1];
      // Names begin with one character of another kind.
      if (bound !== undefined) expect([at, Number(bound) <= max && max <= Number(bound) + 1]).toEqual([at, true]);
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

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts') ? [file] : [];
  });
}
