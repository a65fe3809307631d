import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Account } from './account/account';
import { accountId } from './account/batch-account';
import { createAnalytics } from './analytics';
import { createArmRoutes } from './arm';
import { createArm, isManagement } from './arm/arm-listener';
import { inertNotes } from './compatibility/inert-notes';
import { inheritedEnvironment } from './config';
import { FaultOrders } from './faults/fault-orders';
import { FaultRules } from './faults/fault-rules';
import { FaultyRunner } from './faults/faulty-runner';
import { readScenario } from './faults/scenario';
import { adminOnly, createAdmin } from './handlers/admin';
import type { Access } from './http/authentication';
import { createPipeline, type RequestListener } from './http/pipeline';
import { RequestCounter } from './http/request-counter';
import type { Route } from './http/route';
import { Router } from './http/router';
import { listen } from './http/server';
import { createModel } from './model';
import type { Timing } from './model/world';
import { EnvironmentBuilder } from './nodes/environment';
import { Containers } from './nodes/containers';
import { NodeLayout } from './nodes/node-layout';
import { NodeStorage } from './nodes/node-storage';
import { ProcessRegistry } from './nodes/process-registry';
import { ProcessRunner } from './nodes/process-runner';
import { Shares } from './nodes/shares';
import { SimulatedRunner } from './nodes/simulated-runner';
import { accountOptions, type EmulatorOptions } from './options';
import { createRoutes } from './routes';
import { Journal } from './store/journal';
import { FileStore } from './store/file-store';
import { lockLocation } from './store/location-lock';
import { Recovery, snapshot } from './store/recovery';
import { memoryStore } from './store/store';
import { keepTime } from './store/time-keeper';
import { SystemClock } from './util/clock';
import { silent } from './util/log';

/** The body is the name of its type. */
export type KnownOperation = Pick<Route, 'operation' | 'method' | 'path' | 'body'>;

export interface Emulator {
  url: string;
  /** Where `/emulator/` is; undefined when it is switched off. */
  adminUrl: string | undefined;
  account: string;
  /** The account for management clients. */
  resourceId: string;
  /** All that can be asked for, of the Batch service and of management. */
  operations: readonly KnownOperation[];
  /** Name of the auto-storage account; undefined without one. */
  autoStorage: string | undefined;
  /** The primary key at this moment. */
  readonly key: string;
  /** Ends the processes of running tasks at once; safe in a signal handler. */
  killProcesses(): void;
  close(): Promise<void>;
}

const DEFAULT_TIMING: Timing = { allocation: 20, creating: 10, starting: 10, rebooting: 20, preemption: 1000 };

function occupy(location: string): () => void {
  try {
    mkdirSync(path.join(location, 'journal'), { recursive: true });
    return lockLocation(location);
  } catch (error) {
    throw new Error(`--location ${location} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

/** Puts the emulator together and starts it. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const log = options.log ?? silent;
  // Before anything is touched: an option may turn out to be wrong.
  const accountSettings = accountOptions(options);
  const root = options.location ? path.resolve(options.location) : mkdtempSync(path.join(tmpdir(), 'batch-emulator-'));
  const unlock = occupy(root);
  const leave = async (): Promise<void> => {
    unlock();
    if (!options.location) await rm(root, { recursive: true, force: true });
  };
  let url = '';
  const onFailure = (error: Error): void => {
    log(`${error.message}; nothing can be kept any more, so this is the end`);
    options.onFailure?.(error);
  };
  const clock = new SystemClock(options.timeScale);
  const faults = new FaultRules(clock);
  const files = options.location ? new FileStore(root, { log, onFailure }) : undefined;
  const journal = new Journal(files ?? memoryStore);
  const isAdmin = options.admin === true || options.adminPort !== undefined;
  const account = new Account(accountSettings, journal, clock);
  const analytics = createAnalytics({ ...options, admin: isAdmin }, clock, accountId(account.own), log);
  const layout = new NodeLayout(root);
  const storage = new NodeStorage(account, layout);
  const registry = new ProcessRegistry(root);
  const killed = registry.killLeftovers();
  if (killed > 0) log(`ended ${killed} processes that an earlier run left behind`);
  const environments = new EnvironmentBuilder(
    { name: account.own.name, url: () => url },
    layout,
    inheritedEnvironment(),
    storage,
  );
  const processes = new ProcessRunner({
    layout,
    environments,
    storage,
    shares: new Shares(path.resolve(options.mounts ?? path.join(root, 'mounts')), layout),
    containers: new Containers(inheritedEnvironment(), log, options.containerEngine),
    registry,
    log,
  });
  const real = new FaultyRunner(processes, faults, clock);
  const simulation = new FaultyRunner(new SimulatedRunner(clock), faults, clock);
  const model = createModel({
    clock,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    journal,
    faults,
    log,
    account,
    events: analytics.events,
    runnerOf: (pool) => (pool.simulated ? simulation : real),
  });

  const notice = inertNotes(log);
  const routes = createRoutes(model, layout, account.own.name, notice);
  const armRoutes = createArmRoutes(model, routes, notice);
  const operations: KnownOperation[] = [...routes, ...armRoutes];
  const names = operations.map(({ operation }) => operation.toLowerCase());
  const orders = new FaultOrders(model, faults, new Set(names));
  const scenario = options.scenario === undefined ? [] : readScenario(options.scenario, orders);

  const recovery = new Recovery(model);
  await files?.open(recovery.apply);
  files?.compactFrom(() => snapshot(model));
  clock.notBefore(recovery.latest);

  const access = (): Access => {
    const { name, keys, modes } = account.own;
    return { account: name, keys: [keys.primary, keys.secondary], modes, acceptBearer: options.bearer ?? false };
  };
  const counter = new RequestCounter();
  const host = (): string => new URL(url).host;
  const pipeline = createPipeline({
    router: new Router(routes),
    access,
    clock,
    journal,
    faults,
    counter,
    notice,
    log,
    host,
  });
  const management = createArm({
    router: new Router(armRoutes),
    faults,
    subscription: account.own.subscription,
    acceptBearer: options.bearer ?? false,
    journal,
    activity: analytics.activity,
    log,
    host,
  });
  const front: RequestListener = (message, response) =>
    (isManagement(message.url ?? '') ? management : pipeline)(message, response);
  const endpoints = analytics.endpoints(model.world);
  const admin = { faults: orders, counter, analytics: endpoints, processes: () => registry.list() };
  const listener = await listen(
    options.host ?? '127.0.0.1',
    options.port ?? 0,
    options.admin ? createAdmin(admin, front) : front,
    options.tls,
  ).catch(async (error: unknown) => {
    clock.stop();
    await journal.close();
    await analytics.close();
    await leave();
    throw error;
  });
  url = listener.url;
  const adminListener =
    options.adminPort === undefined
      ? undefined
      : await listen('127.0.0.1', options.adminPort, createAdmin(admin, adminOnly), undefined);
  // Only now, because commands are told the address.
  recovery.resume();
  orders.order(scenario);
  keepTime(clock, journal);

  return {
    url,
    adminUrl: adminListener?.url ?? (options.admin ? url : undefined),
    account: account.own.name,
    resourceId: accountId(account.own),
    operations,
    autoStorage: account.storage?.name,
    get key() {
      return account.own.keys.primary;
    },
    killProcesses: () => void processes.stop(),
    close: async () => {
      // First of all: what is killed now must not count as having ended by itself.
      const stopped = processes.stop();
      await Promise.all([listener.close(), adminListener?.close()]);
      clock.stop();
      await stopped;
      model.world.usage.countAll(model.world.pools.values());
      journal.clock(clock.now());
      await journal.close();
      await analytics.close();
      await leave();
    },
  };
}
