import { Account, type AccountOptions } from './account/account';
import { accountId } from './account/batch-account';
import { createAnalytics } from './analytics';
import { createArmRoutes } from './arm';
import { createArm, isManagement } from './arm/arm-listener';
import { inertNotes } from './compatibility/inert-notes';
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
import { createNodeHost } from './nodes/host';
import { SimulatedRunner } from './nodes/simulated-runner';
import { accountOptions, type EmulatorOptions } from './options';
import { createRoutes } from './routes';
import { Journal } from './store/journal';
import { FileStore } from './store/file-store';
import { occupy } from './store/location';
import { Recovery, snapshot } from './store/recovery';
import { memoryStore } from './store/store';
import { keepTime } from './store/time-keeper';
import { SystemClock } from './util/clock';
import { silent, type Log } from './util/log';

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

/** Puts the emulator together and starts it. @throws Error naming the option that cannot be used */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  // Before anything is touched: an option may turn out to be wrong.
  const accountSettings = accountOptions(options);
  const { root, leave } = occupy(options.location);
  // What has to be closed, the last one first, also when the start fails half way.
  const closers: (() => unknown)[] = [leave];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await assemble(options, accountSettings, root, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function assemble(
  options: EmulatorOptions,
  accountSettings: AccountOptions,
  root: string,
  closers: (() => unknown)[],
  closeAll: () => Promise<void>,
): Promise<Emulator> {
  const log = options.log ?? silent;
  let url = '';
  const clock = new SystemClock(options.timeScale);
  const faults = new FaultRules(clock);
  const files = options.location ? new FileStore(root, { log, onFailure: lastWords(options, log) }) : undefined;
  const journal = new Journal(files ?? memoryStore);
  const account = new Account(accountSettings, journal, clock);
  const isAdmin = options.admin === true || options.adminPort !== undefined;
  const analytics = createAnalytics({ ...options, admin: isAdmin }, clock, accountId(account.own), log);
  closers.push(() => analytics.close());
  const { layout, registry, processes } = createNodeHost(root, account, options, log, () => url);
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
  const orders = new FaultOrders(model, faults, new Set(operations.map(({ operation }) => operation.toLowerCase())));
  const scenario = options.scenario === undefined ? [] : readScenario(options.scenario, orders);

  const recovery = new Recovery(model);
  await files?.open(recovery.apply);
  files?.compactFrom(() => snapshot(model));
  clock.notBefore(recovery.latest);
  closers.push(() => journal.close());
  closers.push(async () => {
    await processes.stop();
    model.world.usage.countAll(model.world.pools.values());
    journal.clock(clock.now());
  });

  const counter = new RequestCounter();
  const common = { clock, journal, faults, log, host: (): string => new URL(url).host };
  const pipeline = createPipeline({
    ...common,
    router: new Router(routes),
    access: () => accessOf(account, options),
    counter,
    notice,
  });
  const management = createArm({
    ...common,
    router: new Router(armRoutes),
    subscription: account.own.subscription,
    acceptBearer: options.bearer ?? false,
    activity: analytics.activity,
  });
  const front: RequestListener = (message, response) =>
    (isManagement(message.url ?? '') ? management : pipeline)(message, response);
  const endpoints = analytics.endpoints(model.world);
  const admin = { faults: orders, counter, analytics: endpoints, processes: () => registry.list() };
  closers.push(() => clock.stop());
  const listener = await listen(
    options.host ?? '127.0.0.1',
    options.port ?? 0,
    options.admin ? createAdmin(admin, front) : front,
    options.tls,
  );
  closers.push(() => listener.close());
  url = listener.url;
  const adminListener =
    options.adminPort === undefined
      ? undefined
      : await listen('127.0.0.1', options.adminPort, createAdmin(admin, adminOnly), undefined);
  if (adminListener) closers.push(() => adminListener.close());
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
      await closeAll();
      await stopped;
    },
  };
}

function accessOf({ own: { name, keys, modes } }: Account, options: EmulatorOptions): Access {
  return { account: name, keys: [keys.primary, keys.secondary], modes, acceptBearer: options.bearer ?? false };
}

function lastWords(options: EmulatorOptions, log: Log): (error: Error) => void {
  return (error) => {
    log(`${error.message}; nothing can be kept any more, so this is the end`);
    options.onFailure?.(error);
  };
}
