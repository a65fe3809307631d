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

/** A command to suggest: it works where the present one does. */
export function suggested({ settings }: Pick<Context, 'settings'>, words: string): string {
  return `windrow ${words}${settings.place}`;
}

export function createContext(io: Io, settings: Settings): Context {
  const api = new ApiClient(settings, io);
  return { io, settings, api, scope: new Scope(api, settings), out: new Output(io, settings.output, settings.colour) };
}
