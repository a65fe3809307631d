import type { Log } from '../util/log';
import type { ContainerSettings } from '../wire/types';
import { ContainerEngine } from './container-engine';
import type { Environment } from './environment';
import type { Command } from './process';

/** Decides where commands with `containerSettings` run: in a container, or on the host with a line in the log. */
export class Containers {
  /** Looked for with the first such command; `null`: there is none. */
  private engine: ContainerEngine | null | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly log: Log,
    /** A program that takes docker's command line, or `none`; without it the PATH is searched. */
    private readonly wanted?: string,
  ) {}

  /** What the command lacks to run in its container; nothing when it is to run on the host. */
  contain(command: Command & { containerSettings?: ContainerSettings }): Pick<Command, 'contain'> {
    const { containerSettings: settings, environment, directory } = command;
    if (!settings) return {};
    const engine = this.find();
    if (!engine) {
      this.log(`${command.owner}: there is no container engine, so the command runs on the host`);
      return {};
    }
    return { contain: (words) => engine.wrap({ settings, words, environment, directory }) };
  }

  private find(): ContainerEngine | null {
    if (this.engine === undefined) {
      const found = this.wanted === 'none' ? undefined : ContainerEngine.find(this.environment, this.candidates());
      this.engine = found ?? null;
      if (found) this.log(`containers run with ${found.program}`);
    }
    return this.engine;
  }

  private candidates(): readonly string[] | undefined {
    return this.wanted === undefined ? undefined : [this.wanted];
  }
}
