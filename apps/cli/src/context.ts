import { ApiClient } from './http/client';
import { Scope } from './http/scope';
import type { Io } from './io';
import { Output } from './output/output';
import type { Settings } from './settings/settings';

/** What a command works with. */
export interface Context {
  io: Io;
  settings: Settings;
  api: ApiClient;
  scope: Scope;
  out: Output;
}

export function createContext(io: Io, settings: Settings): Context {
  const api = new ApiClient(settings, io);
  return { io, settings, api, scope: new Scope(api, settings), out: new Output(io, settings.output, settings.colour) };
}
