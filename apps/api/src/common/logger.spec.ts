import { Writable } from 'node:stream';
import { ANONYMOUS } from '../access/principal';
import { serving } from '../http/current-request';
import { createLogger } from './logger';

describe('a line of the log', () => {
  let lines: Record<string, unknown>[];
  const logger = () => {
    lines = [];
    const target = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
        done();
      },
    });
    return createLogger('info', target);
  };
  const context = { requestId: 'r-1', origin: 'http://h', principal: { ...ANONYMOUS, id: 'key:1' } };

  it('that is written while a request is served says which, whose, and what it is about', async () => {
    const sut = logger();
    const request = { ...context, traceId: 't1' };
    await serving(request, async () => {
      Object.assign(request, { workspace: 'aero', experiment: 'blades', job: 'j1' });
      await Promise.resolve();
      sut.info({ status: 200 }, 'done');
    });
    expect(lines[0]).toMatchObject({
      ...{ requestId: 'r-1', traceId: 't1', principal: 'key:1', workspace: 'aero', experiment: 'blades', job: 'j1' },
      ...{ app: 'api', status: 200, msg: 'done' },
    });
    expect(lines[0]).not.toHaveProperty('origin');
  });

  it('of the process itself says nothing of requests', () => {
    const sut = logger();
    serving(context, () => undefined);
    sut.info('stopping');
    expect(lines[0]).not.toHaveProperty('requestId');
  });
});
