import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { isOpenPath } from '../access/open-paths';
import { publicPath } from '../http/action-path';
import { Problem } from '../http/problem';
import { problemAnswer } from './decorators';
import { REQUEST_HEADERS } from './headers';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const FILE_PATH = {
  name: 'path',
  in: 'path' as const,
  required: true,
  description: "Path of the file below the task's folder; slashes stand as they are.",
  example: 'stdout.txt',
  schema: { type: 'string', minLength: 1, maxLength: 1024 },
};

const DESCRIPTION = `Fans work out to Azure Batch: one job over many inputs.

Names are yours: \`PUT\` creates or gets, and may be repeated after any failure. Every resource lives in a workspace,
jobs also in an experiment; the flat paths stand for workspace \`migrated-{region}\`, experiment \`migrated\`.
Errors are \`application/problem+json\` with a stable \`code\`.`;

/** The API's description, made from the routes and cleared of what only routers need to know. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Windrow')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'An API key (`wdr_...`), or a token of a configured issuer.',
    })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, builder, { extraModels: [Problem] });
  document.paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => {
      for (const verb of ['get', 'put', 'post', 'patch', 'delete'] as const) {
        const operation = item[verb];
        if (operation) tidy(operation, path);
      }
      return [publicPath(path), item];
    }),
  );
  closeSchemas(document);
  return document;
}

function tidy(operation: Operation, path: string): void {
  if (isOpenPath(path)) {
    operation.security = [];
    for (const status of ['401', '403', '429']) delete operation.responses[status];
  }
  // The parameters of a route are those its path names: the flat paths have no workspace.
  operation.parameters = (operation.parameters ?? []).filter(
    (parameter) => !('in' in parameter) || parameter.in !== 'path' || path.includes(`{${parameter.name}}`),
  );
  if (path.includes('{path}')) operation.parameters.push(FILE_PATH);
  for (const parameter of operation.parameters) {
    if ('in' in parameter && parameter.in === 'header') {
      parameter.schema = REQUEST_HEADERS[parameter.name] ?? { type: 'string' };
    }
  }
  // Whoever has no role in a workspace is told that it is not there; so is whoever names one that never was.
  if (path.includes('{workspace}')) operation.responses['404'] ??= problemAnswer(404);
  const flat = path.startsWith('/v1/') && !path.includes('{workspace}');
  // Nest numbers the paths of one method; a client's method should be called by what it does.
  const [, resource = '', action = ''] = /^(\w+)Controller_(\w+)/.exec(operation.operationId ?? '') ?? [];
  operation.operationId = `${resource[0]?.toLowerCase() ?? ''}${resource.slice(1)}_${action}${flat ? '_flat' : ''}`;
}

/** Bodies with unknown fields are refused, and their schemas say so. */
function closeSchemas({ components }: OpenAPIObject): void {
  for (const [name, schema] of Object.entries(components?.schemas ?? {})) {
    if (name.endsWith('Dto') && 'type' in schema) schema.additionalProperties = false;
  }
}
