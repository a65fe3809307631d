import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { dataConverterOf } from '@windrow/codec';
import { MAX_BODY_BYTES } from '@windrow/contract';
import { AppModule, type Dependencies } from './app.module';
import { AccessSettings } from './access/access-settings';
import { authenticate } from './access/authenticate';
import { Authenticator } from './access/authenticator';
import { recordChanges } from './audit/record-changes';
import { allowTemporalUi } from './codec/ui-origin';
import { createLogger, nestLogger } from './common/logger';
import type { ApiConfig } from './config';
import { connectDependencies } from './dependencies';
import { describeApi } from './docs/document';
import { actionPath } from './http/action-path';
import { ValidationPipe } from './http/body.pipe';
import { answerClientErrors } from './http/client-error';
import { isJson, jsonOnly, malformedBody } from './http/content-type';
import { MethodTable } from './http/method-table';
import { ProblemFilter } from './http/problem.filter';
import { requestContext } from './http/request-context';
import { ApiMetrics } from './monitoring/api-metrics';
import { ApiSettings } from './settings';

const KEEP_ALIVE_MS = 75_000;

export interface Api {
  app: NestExpressApplication;
  /** Begins to listen; returns the address, with the port that was free. */
  listen(): Promise<string>;
  /** Finishes the requests in flight, then lets go of everything. */
  close(): Promise<void>;
}

/** Made from classes alone, so that it is the same for every application of a process; half of a start goes into it. */
let described: OpenAPIObject | undefined;

/** Builds the API. Tests give dependencies of their own. */
export async function createApp(config: ApiConfig, given?: Dependencies): Promise<Api> {
  const metrics = new ApiMetrics();
  const dependencies = given ?? connectDependencies(config, metrics);
  const logger = createLogger(config.logLevel);
  const access = new AccessSettings(config.access);
  if (!access.authenticates) logger.warn('nobody is asked who they are: whoever reaches this API may do everything');
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with(
      dependencies,
      new ApiSettings(
        config.region,
        {
          prices: config.prices,
          keyVaults: config.keyVaults,
          defaultQuotas: config.defaultQuotas,
          secretKeys: config.secretKeys,
          webhookTargets: config.webhookTargets,
          entraLinks: config.storage.auth.kind === 'token',
        },
        dataConverterOf(config.temporal.payloadKeys).payloadCodecs?.[0],
      ),
      access,
      metrics,
    ),
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const methods = new MethodTable();
  app.disable('x-powered-by');
  // Ours name versions of resources; those of Express would name bytes, on answers that are no resource too.
  app.disable('etag');
  app.set('trust proxy', false);
  // Who it is comes before all that a request asks for, and the audit log before that: refusals are in it too.
  app.use(requestContext(logger, metrics), secureHeaders, allowTemporalUi(config.temporal.uiUrl));
  app.use(recordChanges(dependencies.audit, logger, metrics));
  app.use(authenticate(app.get(Authenticator), config.access.rateLimit), actionPath, jsonOnly);
  // JSON that is no object (`null`) is for the validation to refuse, which says what is expected.
  app.useBodyParser('json', { limit: MAX_BODY_BYTES, type: isJson, strict: false });
  app.use(malformedBody);
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger, methods));
  const document = (described ??= describeApi(app));
  methods.learn(document);
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json', customSiteTitle: 'Windrow API' });
  await app.init();
  app.getHttpServer().on('clientError', answerClientErrors(logger));
  return {
    app,
    listen: async () => {
      // Longer than the pools of usual clients and proxies keep a connection, so that it is they who end it.
      const server: Server = app.getHttpServer();
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      await app.listen(config.http.port, config.http.host);
      return addressOf(app.getHttpServer(), config.http.host);
    },
    close: async () => {
      await finishRequests(app);
      await dependencies.audit.close();
      await dependencies.close();
    },
  };
}

/** Answers hold the work of strangers; a browser must not guess what it is. */
function secureHeaders(
  _request: unknown,
  response: { setHeader(name: string, value: string): void },
  next: () => void,
): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  next();
}

/** Connections that clients keep open are closed as soon as they fall idle, not when their time is up. */
async function finishRequests(app: NestExpressApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await app.close().finally(() => clearInterval(sweep));
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
