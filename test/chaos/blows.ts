/** Takes components of a stack down and brings them back, as a plan says, and orders the emulator's faults. */
import type { RunningProcess, Stack } from '@windrow/local-stack';
import type { Blow, Component, FaultPlan } from './plan';
import { COMPONENTS } from './plan';
import { Difference } from './difference';

const BACK_WITHIN_MS = 60_000;

/** Milliseconds since the epoch. */
export interface Outage {
  component: Component;
  from: number;
  to: number;
}

export class Blows {
  readonly outages: Outage[] = [];
  /** Faults that the emulator's lives have had of each kind, as far as they could be asked. */
  readonly struck: Record<string, number> = {};
  private readonly orders: Generator<object[]>;
  private unexpected: Error | undefined;
  private over = false;
  private aborted = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly stack: Stack,
    private readonly plan: FaultPlan,
    private readonly say: (text: string) => void,
    /** The first blow of each component is the only one. */
    private readonly once: boolean,
  ) {
    this.orders = plan.orders();
    for (const component of COMPONENTS) this.watch(this.process(component));
  }

  kills(): Record<Component, number> {
    const count = (component: Component) => this.outages.filter((outage) => outage.component === component).length;
    return Object.fromEntries(COMPONENTS.map((component) => [component, count(component)])) as Record<
      Component,
      number
    >;
  }

  /**
   * Goes on until `end` is called, but through the first blow of each component in any case. Everything is up again
   * when it returns. @throws Difference when a component ended by itself or does not come back
   */
  async rain(): Promise<void> {
    await this.orderFaults();
    let dealt = 0;
    for (const blow of this.plan.blows()) {
      const first = dealt < COMPONENTS.length;
      if (!first && (this.once || this.over)) return;
      await this.pause(blow.afterMs, first);
      if (this.aborted || (!first && this.over)) return;
      await this.deal(blow);
      this.refuseUnexpected();
      dealt += 1;
    }
  }

  end(): void {
    this.over = true;
    this.wake();
  }

  /** Nothing goes down any more, not even for the first time. */
  abort(): void {
    this.aborted = true;
    this.end();
  }

  refuseUnexpected(): void {
    if (!this.unexpected) return;
    throw new Difference('A component ended by itself.', {
      expected: 'all components live until they are killed',
      found: this.unexpected.message,
    });
  }

  private async deal({ components, downMs }: Blow): Promise<void> {
    this.say(`down: ${components.join(' and ')} for ${downMs} ms`);
    if (components.includes('batch-emulator')) await this.countFaults();
    const from = Date.now();
    await Promise.all(components.map((component) => this.takeDown(component)));
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await within(BACK_WITHIN_MS, components, Promise.all(components.map((component) => this.bringBack(component))));
    const to = Date.now();
    for (const component of components) {
      this.watch(this.process(component));
      this.outages.push({ component, from, to });
    }
    if (components.includes('batch-emulator')) await this.orderFaults();
  }

  /** Azurite keeps its tables in memory and writes them now and then: it is not made for a kill. */
  private async takeDown(component: Component): Promise<void> {
    const running = this.process(component);
    await (component === 'azurite' ? running.stop() : running.kill());
  }

  private async bringBack(component: Component): Promise<void> {
    const { stack } = this;
    const start: Record<Component, () => Promise<unknown>> = {
      worker: () => stack.startWorker(),
      api: () => stack.startApi(),
      'batch-emulator': () => stack.startEmulator(),
      temporal: () => stack.startTemporal(),
      azurite: () => stack.startAzurite(),
    };
    await start[component]();
  }

  private watch(running: RunningProcess): void {
    running.gone.catch((error: Error) => (this.unexpected ??= error));
  }

  private process(component: Component): RunningProcess {
    return this.stack.processes[component]!;
  }

  private async orderFaults(): Promise<void> {
    const { value } = this.orders.next() as { value: object[] };
    const answer = await fetch(`${this.stack.batch.endpoint}/emulator/faults`, {
      method: 'POST',
      body: JSON.stringify(value),
    });
    if (answer.status !== 201) throw new Error(`The emulator refused the faults: ${await answer.text()}`);
  }

  async clearFaults(): Promise<void> {
    await this.countFaults();
    await fetch(`${this.stack.batch.endpoint}/emulator/faults`, { method: 'DELETE' });
  }

  private async countFaults(): Promise<void> {
    const answer = await fetch(`${this.stack.batch.endpoint}/emulator/faults`);
    const { rules } = (await answer.json()) as { rules: { kind: string; struck: number }[] };
    for (const { kind, struck } of rules) this.struck[kind] = (this.struck[kind] ?? 0) + struck;
  }

  /** Until the time is over or, unless `whole`, the rain. */
  private pause(ms: number, whole: boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      if (whole) return;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function within(ms: number, components: Component[], work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const expected = `${components.join(' and ')} to be ready again within ${ms / 1000} s`;
    timer = setTimeout(
      () => reject(new Difference('A component does not come back.', { expected, found: 'not ready' })),
      ms,
    );
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
