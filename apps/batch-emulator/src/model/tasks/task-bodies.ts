import type { TaskSpec } from '../../wire/types';
import { BodyArchive, type BodyReader } from './body-archive';
import { withTaskDefaults } from '../defaults';
import { Interner } from './interner';
import type { TaskBody } from './task';

/** What of a body the scheduler asks for again and again; mostly the same for all tasks of a job. */
export type TaskRules = Pick<
  TaskBody,
  'requiredSlots' | 'affinityInfo' | 'exitConditions' | 'dependsOn' | 'multiInstanceSettings'
>;

/** A body taken apart. */
export interface StoredBody {
  readonly rules: TaskRules;
  /** Where the rest of it is. */
  readonly place: number;
}

/** A request with many tasks, kept as it came: cheaper than writing each of them down once more. */
export interface SentTasks {
  readonly bytes: Buffer;
  /** Finds the specification of a task in the parsed request, checked as when it was added. */
  readonly read: (document: unknown, index: number) => TaskSpec;
  /** Place of the first, once one of them has been added. */
  place?: number;
}

const NO_RULES: TaskRules = Object.freeze({});

/**
 * The bodies of a job's tasks. A body is needed when its task starts and when somebody looks at it, and a job may have a
 * million of them with links and signatures of their own: so all but the rules is kept packed.
 */
export class TaskBodies {
  private readonly archive = new BodyArchive();
  private readonly interner = new Interner();
  /** The last one read or added: a task that starts is asked for its body several times. */
  private recent: { place: number; body: TaskBody } | undefined;

  put(body: TaskBody): StoredBody {
    return this.stored(body, this.archive.add(JSON.stringify(body)));
  }

  /** The same for a task that was sent with others. */
  putSent(body: TaskBody, sent: SentTasks, index: number): StoredBody {
    sent.place ??= this.archive.addDocument(sent.bytes, bodyIn(sent.read));
    const place = sent.place + index;
    this.archive.keep(place);
    return this.stored(body, place);
  }

  get(place: number): TaskBody {
    if (this.recent?.place !== place) this.recent = { place, body: this.archive.get(place) as TaskBody };
    return this.recent.body;
  }

  /** The task is deleted. */
  release(place: number): void {
    this.archive.release(place);
  }

  private stored(body: TaskBody, place: number): StoredBody {
    this.recent = { place, body };
    return { rules: this.rulesOf(body), place };
  }

  private rulesOf({
    requiredSlots,
    affinityInfo,
    exitConditions,
    dependsOn,
    multiInstanceSettings,
  }: TaskBody): TaskRules {
    if ((requiredSlots ?? 1) === 1 && !affinityInfo && !exitConditions && !dependsOn && !multiInstanceSettings) {
      return NO_RULES;
    }
    return this.interner.share('rules', {
      ...(requiredSlots !== undefined && { requiredSlots }),
      ...(affinityInfo && { affinityInfo }),
      ...(exitConditions && { exitConditions }),
      ...(dependsOn && { dependsOn }),
      ...(multiInstanceSettings && { multiInstanceSettings }),
    });
  }
}

const bodyIn =
  (read: SentTasks['read']): BodyReader =>
  (document, index) =>
    withTaskDefaults(read(document, index));
