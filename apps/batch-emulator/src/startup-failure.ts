import { UsageError } from './usage-error';

export interface Failure {
  message: string;
  exitCode: 1 | 2;
}

interface Place extends Address {
  adminPort?: number;
  location?: string;
}

interface Address {
  host?: string;
  port?: number;
}

/** Why the emulator did not start, in words that say what to do; 2 for a wrong command line, 1 for all else. */
export function startupFailure(error: unknown, place: Place = {}): Failure {
  if (error instanceof UsageError) {
    return { message: `${error.message}\nbatch-emulator --help lists all options.`, exitCode: 2 };
  }
  return { message: explain(error, place), exitCode: 1 };
}

/** Where the admin listens, whatever the host of the service is. */
const ADMIN_HOST = '127.0.0.1';

function explain(error: unknown, place: Place): string {
  const { code = '', path, message, port: failed } = error as NodeJS.ErrnoException & Address;
  const isAdmin = failed !== undefined && failed === place.adminPort && failed !== place.port;
  const [option, host, port] = isAdmin
    ? ['--admin-port', ADMIN_HOST, failed]
    : ['--port', place.host ?? '', place.port ?? 0];
  const { location } = place;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is in use. Choose another with ${option} N, or a free one with ${option} 0.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `'${host}' is no address of this machine. Choose another with --host NAME; the default is 127.0.0.1.`;
  }
  if (code === 'EACCES' && path === undefined) {
    return `Port ${port} of ${host} is not for this user. Choose one above 1023 with ${option} N.`;
  }
  if (code.startsWith('ERR_OSSL')) {
    return `--cert and --key must hold a certificate and its private key, both as PEM (${message}).`;
  }
  if (path !== undefined && location !== undefined) {
    return `The location ${location} cannot be used (${message}). Choose a folder that can be read and written with --location DIR.`;
  }
  return error instanceof Error ? error.message : String(error);
}
