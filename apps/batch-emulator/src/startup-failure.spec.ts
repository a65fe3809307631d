import { startupFailure } from './startup-failure';
import { UsageError } from './usage-error';

const systemError = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: raw text`), { code, ...(path !== undefined && { path }) });
const place = { host: '127.0.0.1', port: 80, location: '/data' };

describe('why the emulator did not start', () => {
  it.each([
    ['EADDRINUSE', undefined, /^Port 80 of 127.0.0.1 is in use. .*--port 0/],
    ['EADDRNOTAVAIL', undefined, /'127.0.0.1' is no address of this machine/],
    ['ENOTFOUND', undefined, /--host/],
    ['EACCES', undefined, /Port 80 .*above 1023/],
    ['EACCES', '/data/journal', /location \/data cannot be used .*EACCES/],
    ['ENOTDIR', '/data', /location \/data cannot be used/],
    ['ERR_OSSL_PEM_NO_START_LINE', undefined, /--cert and --key .*PEM/],
  ])('%s of %s is explained', (code, path, message) => {
    expect(startupFailure(systemError(code, path), place)).toEqual({
      message: expect.stringMatching(message),
      exitCode: 1,
    });
  });

  it.each([
    ['EADDRINUSE', /^Port 81 of 127.0.0.1 is in use. .*--admin-port N.*--admin-port 0/],
    ['EACCES', /^Port 81 of 127.0.0.1 .*above 1023 with --admin-port/],
  ])('%s of the admin port names that port and its option', (code, message) => {
    const error = Object.assign(systemError(code), { port: 81 });
    expect(startupFailure(error, { ...place, host: '0.0.0.0', adminPort: 81 }).message).toMatch(message);
  });

  it('a wrong command line points to --help, and has an exit code of its own', () => {
    const failure = startupFailure(new UsageError('--port must be a number.'));
    expect(failure).toEqual({ message: expect.stringMatching(/^--port must be.*\n.*--help/), exitCode: 2 });
  });

  it('anything else speaks for itself', () => {
    expect(startupFailure(new Error('no more'), place)).toEqual({ message: 'no more', exitCode: 1 });
    expect(startupFailure('odd', place)).toEqual({ message: 'odd', exitCode: 1 });
  });
});
