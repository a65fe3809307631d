/** The admission of one workspace: which of its jobs may run, and how many nodes its clusters may have. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { AdmissionInput, AdmitAnswer, AdmitRequest } from '@windrow/contract';
import { QUEUE_FULL } from '@windrow/contract';
import { couldGrow, holdNodes } from './admission-nodes';
import { answerFor, enqueue, grant, isFull, leave, limit, movedUp, newAdmission } from './admission-queue';
import type { AdmissionData } from './admission-queue';
import { admissionSignal, admitUpdate, holdNodesUpdate, leaveUpdate, limitUpdate, nodesFreedSignal } from './messages';
import { control } from './proxies';

const HISTORY_LIMIT = 2000;
/** While somebody waits, what others hold is compared to what still runs, this often. */
const LOOK_MS = 60_000;
/** One that nobody has used for so long ends; the next claim starts another. */
const IDLE_MS = 3_600_000;
/** A place that was reserved by a submission has no workflow yet. */
const YOUNG_MS = 60_000;

/** `carried` is the state of the run before, on continue-as-new. */
export async function admissionWorkflow({ workspace }: AdmissionInput, carried?: AdmissionData): Promise<void> {
  const data = carried ?? newAdmission();
  let dirty = true;
  let lookedAt = 0;
  let granted: string[] = [];

  setHandler(admitUpdate, admit, {
    validator: refuseFull,
    description: 'A job asks to run; answers admitted or queued.',
  });
  setHandler(leaveUpdate, ({ id }) => change(() => leave(data, id)), { description: 'A job has ended.' });
  setHandler(limitUpdate, (quotas) => change(() => limit(data, quotas)), { description: 'Changes the quotas.' });
  setHandler(
    holdNodesUpdate,
    (asked) => {
      if (asked.quotas) limit(data, asked.quotas);
      return change(() => holdNodes(data, asked, workspace, Date.now()));
    },
    { description: 'A cluster says how many nodes it needs, or still has.' },
  );

  for (;;) {
    dirty = false;
    await tellAll();
    setCurrentDetails(describe(data));
    if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > HISTORY_LIMIT) {
      await condition(allHandlersFinished);
      await tellAll();
      await continueAsNew<typeof admissionWorkflow>({ workspace }, data);
    }
    const look = somebodyWaits() ? lookedAt + LOOK_MS - Date.now() : IDLE_MS;
    const news = look > 0 && (await condition(() => dirty, look, { summary: 'next look at what still runs' }));
    if (news) continue;
    if (isEmpty() && allHandlersFinished()) return;
    await dropEnded();
  }

  function change<T>(work: () => T): T {
    dirty = true;
    const result = work();
    granted.push(...grant(data).map(({ id }) => id));
    return result;
  }

  function refuseFull({ id, quotas, submission }: AdmitRequest): void {
    const now = { ...data, quotas: quotas.asOf >= data.quotas.asOf ? quotas : data.quotas };
    if (!submission || !isFull(now, id)) return;
    const text = `${now.running.length} jobs of workspace ${workspace} run, and ${now.queue.length} wait for them to end: its queue is full. Submit again when some have ended.`;
    throw ApplicationFailure.nonRetryable(text, QUEUE_FULL);
  }

  function admit(request: AdmitRequest): AdmitAnswer {
    limit(data, request.quotas);
    change(() => enqueue(data, request, Date.now()));
    // It hears of its own admission by the answer.
    granted = granted.filter((id) => id !== request.id);
    return answerFor(data, request.id, workspace);
  }

  async function tellAll(): Promise<void> {
    const admitted = granted;
    granted = [];
    for (const { holder, id } of data.running) {
      if (admitted.includes(id)) await tell(holder, (handle) => handle.signal(admissionSignal, { state: 'admitted' }));
    }
    for (const { holder, id } of movedUp(data)) {
      await tell(holder, (handle) => handle.signal(admissionSignal, answerFor(data, id, workspace)));
    }
    for (const hold of couldGrow(data)) {
      // It asks again, and says then what it lacks.
      hold.short = false;
      await tell(hold.holder, (handle) => handle.signal(nodesFreedSignal));
    }
  }

  function isEmpty(): boolean {
    return data.running.length + data.queue.length + data.nodes.length === 0;
  }

  function somebodyWaits(): boolean {
    return data.queue.length > 0 || data.nodes.some(({ short }) => short);
  }

  /** Nothing is held by what was terminated, and gave nothing back. What runs is never taken for ended. */
  async function dropEnded(): Promise<void> {
    lookedAt = Date.now();
    const old = ({ since }: { since: number }) => since < lookedAt - YOUNG_MS;
    const jobs = [...data.running, ...data.queue].filter(old).map(({ id, holder }) => ({ id, holder }));
    const pools = data.nodes.filter(old).map(({ holder, poolId, since }) => ({ holder, poolId, since }));
    if (jobs.length + pools.length === 0) return;
    const ended = await control.findEnded.executeWithOptions({ summary: 'which of them have ended' }, [
      { jobs, pools },
    ]);
    for (const id of ended.jobs) log.warn('a job ended without leaving', { id });
    change(() => {
      for (const id of ended.jobs) leave(data, id);
      const unchanged = (hold: { holder: string; since: number }) =>
        pools.some(({ holder, since }) => hold.holder === holder && hold.since === since);
      data.nodes = data.nodes.filter((hold) => !(ended.pools.includes(hold.holder) && unchanged(hold)));
    });
  }
}

type Handle = ReturnType<typeof getExternalWorkflowHandle>;

async function tell(holder: string, send: (handle: Handle) => Promise<void>): Promise<void> {
  try {
    await send(getExternalWorkflowHandle(holder));
  } catch (error) {
    if (isCancellation(error)) throw error;
    // It has not begun, and will ask; or it has ended.
    log.info('a holder could not be told', { holder, error: String(error) });
  }
}

/** Markdown for the Temporal UI. */
function describe({ quotas, running, queue, nodes }: AdmissionData): string {
  const of = (limit: number | undefined) => limit ?? 'any number of';
  const held = nodes.reduce((sum, hold) => sum + hold.nodes, 0);
  return [
    `**${running.length} of ${of(quotas.concurrentJobs)} jobs run, ${queue.length} wait**`,
    `${held} of ${of(quotas.nodes)} nodes are held by ${nodes.length} pools`,
  ].join('\n\n');
}
