import { UsageError } from './usage-error';

export interface Failure {
  message: string;
  exitCode: 1 | 2;
}

interface Place {
  host?: string;
  port?: number;
  location?: string;
}

/** Why the emulator did not start, in words that say what to do; 2 for a wrong command line, 1 for all else. */
export function startupFailure(error: unknown, place: Place = {}): Failure {
  if (error instanceof UsageError) {
    return { message: `${error.message}\nbatch-emulator --help lists all options.`, exitCode: 2 };
  }
  return { message: explain(error, place), exitCode: 1 };
}

function explain(error: unknown, { host = '', port = 0, location }: Place): string {
  const { code = '', path, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is in use. Choose another with --port N, or a free one with --port 0.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `'${host}' is no address of this machine. Choose another with --host NAME; the default is 127.0.0.1.`;
  }
  if (code === 'EACCES' && path === undefined) {
    return `Port ${port} of ${host} is not for this user. Choose one above 1023 with --port N.`;
  }
  if (code.startsWith('ERR_OSSL')) {
    return `--cert and --key must hold a certificate and its private key, both as PEM (${message}).`;
  }
  if (path !== undefined && location !== undefined) {
    return `The location ${location} cannot be used (${message}). Choose a folder that can be read and written with --location DIR.`;
  }
  return error instanceof Error ? error.message : String(error);
}
