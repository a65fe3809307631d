import { Injectable } from '@nestjs/common';
import { type Schedule, type ScheduleBody, type ScheduleKey, schedulePlace, ScheduleTimes } from '@windrow/contract';
import { fingerprint, ResourceChangedError, ResourceMissingError, ResourceStore, type Stored } from '@windrow/storage';
import { ConflictError, InvalidRequestError, NotFoundError } from '../common/errors';
import { nameOfKey, randomUid, sortableName } from '../common/ids';
import { validateAs } from '../common/validation/validate';
import { etagOf, type TagCondition } from '../http/etags';
import { Scopes } from '../places/scopes';
import type { ScheduleDetails, ScheduleFacts } from '../workflows/schedule-gateway';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { ScheduleDto } from './dto';
import { mergePatch } from './merge-patch';
import { ScheduleChecks } from './schedule-checks';
import { ScheduleRuns } from './schedule-runs';

export type StoredSchedule = Stored<Schedule>;

export interface CreatedSchedule {
  schedule: StoredSchedule;
  created: boolean;
}

/**
 * A schedule is a resource, which has its body, and a schedule of Temporal, which has the times. The resource is
 * written first; the other half follows, and is put right whenever the schedule is asked for and it is not as it should be.
 */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly resources: ResourceStore,
    private readonly workflows: WorkflowGateway,
    private readonly scopes: Scopes,
    private readonly checks: ScheduleChecks,
    private readonly runs: ScheduleRuns,
  ) {}

  /** @throws ConflictError ScheduleExists, ScheduleDeleting, WorkspaceDeleting; what {@link ScheduleChecks} throws */
  async create(key: ScheduleKey, body: ScheduleBody, ifMatch?: TagCondition): Promise<CreatedSchedule> {
    await this.scopes.openWorkspace(key.workspace);
    for (;;) {
      const known = await this.find(key);
      ifMatch?.check(known && tagOf(known));
      if (known) {
        same(key, known, body);
        await this.reconcile(key, known.value);
        return { schedule: known, created: false };
      }
      await this.checks.check(key, body);
      const schedule = await this.resources.create(schedulePlace(key), newSchedule(body));
      if (!schedule) continue;
      await this.workflows.schedules.create(definitionOf(key, schedule.value));
      return { schedule, created: true };
    }
  }

  /** Names it; the same idempotency key always gives the same name. */
  createUnnamed(workspace: string, body: ScheduleBody, idempotencyKey?: string): Promise<CreatedSchedule> {
    const schedule = idempotencyKey === undefined ? sortableName(Date.now(), 's') : nameOfKey('s', idempotencyKey);
    return this.create({ workspace, schedule }, body);
  }

  /** With how it stands. @throws NotFoundError ScheduleNotFound */
  async get(key: ScheduleKey): Promise<{ stored: StoredSchedule; details: ScheduleDetails | undefined }> {
    const stored = await this.existing(key);
    const details =
      stored.value.provisioningState === 'succeeded' ? await this.reconcile(key, stored.value) : undefined;
    return { stored, details };
  }

  async list(workspace: string, page: { pageSize: number; pageToken?: string }) {
    const { kind, scope } = schedulePlace({ workspace, schedule: '' });
    const [{ rows, nextPageToken }, facts] = await Promise.all([
      this.resources.list<Schedule>({ kind, scope }, page),
      this.workflows.schedules.list(workspace),
    ]);
    const found = rows.map((row): [StoredSchedule, ScheduleFacts | undefined] => [row, facts.get(row.name)]);
    return { rows: found, nextPageToken };
  }

  /** A merge patch. @throws NotFoundError; ConflictError; PreconditionFailedError; what {@link ScheduleChecks} throws */
  async change(key: ScheduleKey, change: object, ifMatch?: TagCondition): Promise<StoredSchedule> {
    for (;;) {
      const found = await this.find(key);
      ifMatch?.check(found && tagOf(found));
      const before = open(key, found);
      const body = mergePatch(before.value.body, change) as ScheduleBody;
      const errors = validateAs(ScheduleDto, body);
      if (errors.length > 0) throw new InvalidRequestError(errors);
      if ((body.spec.blobArrival === undefined) !== (before.value.body.spec.blobArrival === undefined)) {
        const message = 'must not change between times and blobs; create another schedule';
        throw new InvalidRequestError([{ path: '$.spec', code: 'NotAllowed', message }]);
      }
      await this.checks.check(key, body);
      const value = { ...before.value, body, updatedTime: new Date().toISOString() };
      try {
        const stored = await this.resources.replace(schedulePlace(key), value, before.etag);
        const limited = 'limitedRuns' in change ? body.limitedRuns : undefined;
        await this.workflows.schedules.update(definitionOf(key, value), limited);
        await this.settle(key, stored);
        return stored;
      } catch (error) {
        if (!(error instanceof ResourceChangedError || error instanceof ResourceMissingError)) throw error;
      }
    }
  }

  /** Marked first, then a workflow does the rest; asking again joins it. Undefined: there is none. */
  async delete(key: ScheduleKey, ifMatch?: TagCondition): Promise<StoredSchedule | undefined> {
    for (;;) {
      const found = await this.find(key);
      ifMatch?.check(found && tagOf(found));
      if (!found) return undefined;
      try {
        const value: Schedule = { ...found.value, provisioningState: 'deleting' };
        const marked = await this.resources.replace(schedulePlace(key), value, found.etag);
        await this.workflows.startDeletion({ kind: 'schedule', ...key, uid: value.uid });
        return marked;
      } catch (error) {
        if (!(error instanceof ResourceChangedError || error instanceof ResourceMissingError)) throw error;
      }
    }
  }

  /** One that can be acted on, with Temporal's half there. @throws NotFoundError; ConflictError ScheduleDeleting */
  async active(key: ScheduleKey): Promise<Schedule> {
    const { value } = open(key, await this.find(key));
    if (await this.reconcile(key, value)) return value;
    throw new ConflictError(
      'ScheduleEnded',
      `Schedule '${key.schedule}' has had all its runs, and Temporal has forgotten it. Create another.`,
    );
  }

  /** Of two changes at once the earlier one may come to Temporal last: what is stored holds. */
  private async settle(key: ScheduleKey, written: StoredSchedule): Promise<void> {
    const now = await this.find(key);
    const isOpen = now?.value.provisioningState === 'succeeded';
    if (isOpen && now.etag !== written.etag) await this.reconcile(key, now.value);
  }

  /** Brings to Temporal what a crash left out. One that has had all its runs is not begun again. */
  private async reconcile(key: ScheduleKey, schedule: Schedule): Promise<ScheduleDetails | undefined> {
    const { schedules } = this.workflows;
    const definition = definitionOf(key, schedule);
    const details = await schedules.describe(key);
    if (details?.revision === definition.revision) return details;
    if (details) await schedules.update(definition);
    else if (await this.mayBegin(key, schedule)) await schedules.create(definition);
    else return undefined;
    return schedules.describe(key);
  }

  private async mayBegin(key: ScheduleKey, schedule: Schedule): Promise<boolean> {
    const { limitedRuns, spec } = schedule.body;
    if (limitedRuns !== undefined && (await this.runs.last(key, schedule))) return false;
    return spec.blobArrival !== undefined || new ScheduleTimes(spec).next(new Date()) !== undefined;
  }

  private async existing(key: ScheduleKey): Promise<StoredSchedule> {
    const found = await this.find(key);
    if (!found) throw missing(key);
    return found;
  }

  private find(key: ScheduleKey): Promise<StoredSchedule | undefined> {
    return this.resources.get<Schedule>(schedulePlace(key));
  }
}

export function tagOf({ etag }: StoredSchedule): string {
  return etagOf(etag);
}

function newSchedule(body: ScheduleBody): Schedule {
  const now = new Date().toISOString();
  return {
    uid: randomUid(),
    body,
    createdTime: now,
    updatedTime: now,
    provisioningState: 'succeeded',
    specHash: fingerprint(body),
  };
}

function definitionOf({ workspace, schedule }: ScheduleKey, { uid, body }: Schedule) {
  return { workspace, schedule, uid, body, revision: fingerprint({ uid, body }) };
}

function same(key: ScheduleKey, known: StoredSchedule, body: ScheduleBody): void {
  open(key, known);
  if (known.value.specHash === fingerprint(body)) return;
  const message = `Schedule '${key.schedule}' exists with another body. Change it by PATCH, or take another name.`;
  throw new ConflictError('ScheduleExists', message);
}

function open(key: ScheduleKey, found: StoredSchedule | undefined): StoredSchedule {
  if (!found) throw missing(key);
  if (found.value.provisioningState === 'succeeded') return found;
  const message = `Schedule '${key.schedule}' is being deleted; its name is free after that.`;
  throw new ConflictError('ScheduleDeleting', message);
}

function missing({ workspace, schedule }: ScheduleKey): NotFoundError {
  const message = `There is no schedule '${schedule}' in workspace '${workspace}'. Create it by PUT, or correct the name.`;
  return new NotFoundError('ScheduleNotFound', message);
}
