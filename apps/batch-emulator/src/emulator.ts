import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inheritedEnvironment } from './config';
import { WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from './constants';
import { FaultRules } from './faults/fault-rules';
import { createAdmin } from './handlers/admin';
import { RequestCounter } from './http/order';
import { createPipeline } from './http/pipeline';
import { Router } from './http/router';
import { listen } from './http/server';
import { createModel } from './model';
import { DEFAULT_QUOTAS, type Quotas } from './model/quotas';
import type { Timing } from './model/world';
import { EnvironmentBuilder } from './nodes/environment';
import { NodeLayout } from './nodes/node-layout';
import { ProcessRegistry } from './nodes/process-registry';
import { ProcessRunner } from './nodes/process-runner';
import { SimulatedRunner } from './nodes/simulated-runner';
import { createRoutes } from './routes';
import { Journal } from './store/journal';
import { FileStore } from './store/file-store';
import { lockLocation } from './store/location-lock';
import { Recovery, snapshot } from './store/recovery';
import { memoryStore } from './store/store';
import { keepTime } from './store/time-keeper';
import { SystemClock } from './util/clock';
import { silent, type Log } from './util/log';

export interface EmulatorOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0, a free port. */
  port?: number;
  /** Where state is kept; without one it is forgotten at the end. */
  location?: string;
  account?: string;
  /** Base64; default the well-known development key. */
  key?: string;
  /** Cores of the account; default more than anybody needs. */
  quotas?: Partial<Quotas>;
  /** Offers `/emulator/...`. */
  admin?: boolean;
  timing?: Partial<Timing>;
  /** How many times as fast as real time the emulated cloud's time passes; default 1. */
  timeScale?: number;
  log?: Log;
}

export interface Emulator {
  url: string;
  account: string;
  key: string;
  /** Ends the processes of running tasks at once; safe in a signal handler. */
  killProcesses(): void;
  close(): Promise<void>;
}

const DEFAULT_TIMING: Timing = { allocation: 20, creating: 10, starting: 10, rebooting: 20, preemption: 1000 };

/** Puts the emulator together and starts it. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const log = options.log ?? silent;
  const account = options.account ?? WELL_KNOWN_ACCOUNT;
  const key = options.key ?? WELL_KNOWN_KEY;
  const root = options.location ? path.resolve(options.location) : mkdtempSync(path.join(tmpdir(), 'batch-emulator-'));
  mkdirSync(root, { recursive: true });

  const unlock = lockLocation(root);
  let url = '';
  const clock = new SystemClock(options.timeScale);
  const faults = new FaultRules();
  const files = options.location ? new FileStore(root, { log }) : undefined;
  const journal = new Journal(files ?? memoryStore);
  const layout = new NodeLayout(root);
  const registry = new ProcessRegistry(root);
  const killed = registry.killLeftovers();
  if (killed > 0) log(`ended ${killed} processes that an earlier run left behind`);
  const environments = new EnvironmentBuilder({ name: account, url: () => url }, layout, inheritedEnvironment());
  const processes = new ProcessRunner(layout, environments, registry, log);
  const simulation = new SimulatedRunner(clock);
  const model = createModel({
    clock,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    journal,
    faults,
    log,
    quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
    runnerOf: (pool) => (pool.simulated ? simulation : processes),
  });

  const recovery = new Recovery(model);
  await files?.open(recovery.apply);
  files?.compactFrom(() => snapshot(model));
  clock.notBefore(recovery.latest);

  const counter = new RequestCounter();
  const pipeline = createPipeline({
    router: new Router(createRoutes(model, layout, account)),
    credentials: { account, keys: [key] },
    clock,
    journal,
    faults,
    counter,
    log,
    host: () => url.replace('http://', ''),
  });
  const admin = { model, faults, counter, processes: () => registry.list() };
  const listener = await listen(
    options.host ?? '127.0.0.1',
    options.port ?? 0,
    options.admin ? createAdmin(admin, pipeline) : pipeline,
  );
  url = listener.url;
  // Only now, because commands are told the address.
  recovery.resume();
  keepTime(clock, journal);

  return {
    url,
    account,
    key,
    killProcesses: () => void processes.stop(),
    close: async () => {
      // First of all: what is killed now must not count as having ended by itself.
      const stopped = processes.stop();
      await listener.close();
      clock.stop();
      await stopped;
      model.world.usage.countAll(model.world.pools.values());
      journal.clock(clock.now());
      await journal.close();
      unlock();
      if (!options.location) await rm(root, { recursive: true, force: true });
    },
  };
}
