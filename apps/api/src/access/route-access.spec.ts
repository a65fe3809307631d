import { type ExecutionContext, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { startApi } from '../testing/start-api';
import { Access, accessTo, type Handler, pathsOf } from './route-access';

/** Routes whose decision is another than that by method. What is not here must follow that rule. */
const EXCEPTIONS: Record<string, string> = {
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /v1': 'caller',
  'GET /v1/me': 'caller',
  'GET /v1/apiKeys': 'administrator',
  'POST /v1/apiKeys': 'administrator',
  'GET /v1/apiKeys/:key': 'administrator',
  'DELETE /v1/apiKeys/:key': 'administrator',
  'GET /v1/workspaces/:workspace/apiKeys': 'owner',
  'POST /v1/workspaces/:workspace/apiKeys': 'owner',
  'GET /v1/workspaces/:workspace/apiKeys/:key': 'owner',
  'DELETE /v1/workspaces/:workspace/apiKeys/:key': 'owner',
  'GET /v1/workspaces/:workspace/roleAssignments': 'owner',
  'PUT /v1/workspaces/:workspace/roleAssignments/:name': 'owner',
  'GET /v1/workspaces/:workspace/roleAssignments/:name': 'owner',
  'DELETE /v1/workspaces/:workspace/roleAssignments/:name': 'owner',
  'GET /v1/workspaces': 'caller',
  'POST /v1/workspaces': 'administrator',
  'PUT /v1/workspaces/:workspace': 'administrator',
  'PATCH /v1/workspaces/:workspace': 'owner',
  'DELETE /v1/workspaces/:workspace': 'owner',
  'GET /v1/account': 'administrator',
  'GET /metrics': 'administrator',
  'POST /v1/codec/decode': 'administrator',
  'POST /v1/codec/encode': 'administrator',
  'GET /v1/audit': 'administrator',
  'GET /v1/workspaces/:workspace/audit': 'owner',
};

describe('the decision about a route', () => {
  it('is there for every route of the application, and is the rule by method unless it is listed here', async () => {
    const sut = await startApi();
    const found: Record<string, string | undefined> = {};
    for (const { metatype, instance } of new DiscoveryService(sut.api.app.get(ModulesContainer)).getControllers()) {
      for (const method of new MetadataScanner().getAllMethodNames(Object.getPrototypeOf(instance))) {
        const handler = instance[method] as Handler;
        const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (verb === undefined || typeof metatype !== 'function') continue;
        for (const path of pathsOf(metatype as never, handler)) {
          found[`${RequestMethod[verb]} ${path}`] = accessTo(metatype as never, handler);
        }
      }
    }
    await sut.close();
    const names = Object.keys(found);
    expect(names).toEqual(expect.arrayContaining(['PUT /v1/jobs/:job', 'DELETE /v1/clusters/:cluster']));
    const expected = names.map((name) => [
      name,
      EXCEPTIONS[name] ?? (name.startsWith('GET ') ? 'reader' : 'contributor'),
    ]);
    expect(found).toEqual(Object.fromEntries(expected));
    const here = Object.keys(EXCEPTIONS).filter((name) => /\/(?:apiKeys|roleAssignments|audit|me|health)/.test(name));
    expect(names).toEqual(expect.arrayContaining(here));
  });

  it('is missing, and so nobody’s, for a route outside of workspaces that says nothing', () => {
    class Odd {
      list() {}
    }
    Reflect.defineMetadata('path', 'v1/odd', Odd);
    Reflect.defineMetadata('path', '/', Odd.prototype.list);
    Reflect.defineMetadata('method', RequestMethod.GET, Odd.prototype.list);
    const handler = Odd.prototype.list as ReturnType<ExecutionContext['getHandler']>;
    expect(accessTo(Odd, handler)).toBeUndefined();
    Access('caller')(Odd);
    expect(accessTo(Odd, handler)).toBe('caller');
  });
});
