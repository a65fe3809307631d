import path from 'node:path';
import type { Account } from '../account/account';
import { inheritedEnvironment } from '../config';
import type { EmulatorOptions } from '../options';
import type { Log } from '../util/log';
import { Containers } from './containers';
import { EnvironmentBuilder } from './environment';
import { NodeLayout } from './node-layout';
import { NodeStorage } from './node-storage';
import { ProcessRegistry } from './process-registry';
import { ProcessRunner } from './process-runner';
import { Shares } from './shares';

export interface NodeHost {
  layout: NodeLayout;
  registry: ProcessRegistry;
  processes: ProcessRunner;
}

/** What stands behind nodes of real processes; what an earlier run left alive is ended first. */
export function createNodeHost(
  root: string,
  account: Account,
  options: Pick<EmulatorOptions, 'mounts' | 'containerEngine'>,
  log: Log,
  /** Of the service, known once it listens. */
  url: () => string,
): NodeHost {
  const layout = new NodeLayout(root);
  const storage = new NodeStorage(account, layout);
  const registry = new ProcessRegistry(root);
  const killed = registry.killLeftovers();
  if (killed > 0) log(`ended ${killed} processes that an earlier run left behind`);
  const inherited = inheritedEnvironment();
  const processes = new ProcessRunner({
    layout,
    environments: new EnvironmentBuilder({ name: account.own.name, url }, layout, inherited, storage),
    storage,
    shares: new Shares(path.resolve(options.mounts ?? path.join(root, 'mounts')), layout),
    containers: new Containers(inherited, log, options.containerEngine),
    registry,
    log,
  });
  return { layout, registry, processes };
}
