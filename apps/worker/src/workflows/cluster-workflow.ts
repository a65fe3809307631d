/** The cluster entity: one pool, the leases on it, and the only place that resizes it. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { SignalDefinition } from '@temporalio/workflow';
import type { ClusterInput, LeaseRequest, ResizeRequest } from '@windrow/contract';
import { ClusterEntity } from './cluster-entity';
import type { ClusterData } from './cluster-data';
import { newCluster } from './cluster-data';
import {
  acquireUpdate,
  clusterStatusSignal,
  deleteUpdate,
  leaseGrantedSignal,
  nodesFreedSignal,
  releaseUpdate,
  renewSignal,
  resizeUpdate,
} from './messages';

const HISTORY_LIMIT = 2000;
/** Signals under way; Temporal lets a workflow have 2,000. */
const TOLD_AT_ONCE = 100;

/** `carried` is the state of the run before, on continue-as-new. Ends when deleted or, if ephemeral, with its last lease. */
export async function clusterWorkflow(input: ClusterInput, carried?: ClusterData): Promise<void> {
  const entity = new ClusterEntity(input, carried ?? newCluster(input.template));
  setHandler(acquireUpdate, (asked) => entity.acquire(asked), {
    validator: (asked: LeaseRequest) => entity.checkAcquire(asked),
    description: 'Claims slots for a job; answers granted or queued.',
  });
  setHandler(releaseUpdate, ({ leaseId }) => entity.release(leaseId), { description: "Gives a job's slots back." });
  setHandler(resizeUpdate, (size) => entity.resize(size), {
    validator: (size: ResizeRequest) => entity.checkResize(size),
    description: 'Changes the smallest and largest number of nodes.',
  });
  setHandler(deleteUpdate, () => entity.requestDelete(), {
    validator: () => entity.checkDelete(),
    description: 'Deletes the pool; refused while jobs use it.',
  });
  setHandler(renewSignal, (message) => entity.renew(message), {
    description: 'A job is alive; its need, or what its tasks hold, may have sunk.',
  });

  setHandler(nodesFreedSignal, () => entity.nodesFreed(), { description: 'The workspace has nodes to give again.' });

  const needsNewRun = () => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > HISTORY_LIMIT;
  try {
    while (!(entity.finished() && allHandlersFinished())) {
      await entity.reconcile();
      await tellHolders(entity);
      if (entity.dirty || entity.finished()) continue;
      if (needsNewRun()) {
        entity.stopWatching();
        await condition(allHandlersFinished);
        await continueAsNew<typeof clusterWorkflow>(input, entity.data);
      }
      const wake = () => entity.dirty || needsNewRun();
      await condition(wake, entity.msUntilNextCheck(), { summary: entity.sleepReason() });
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    log.info('cancelled: deleting the pool');
    entity.requestDelete();
  }
  await CancellationScope.nonCancellable(() => entity.tearDown());
}

async function tellHolders(entity: ClusterEntity): Promise<void> {
  const grants = entity.takeGrants().map(({ holder, answer }) => ({ holder, message: answer }));
  await tellAll(leaseGrantedSignal, grants);
  await tellAll(clusterStatusSignal, entity.takeNews());
}

/** Side by side: each signal takes a round through the server, and a queue may be long. */
async function tellAll<T>(signal: SignalDefinition<[T]>, all: { holder: string; message: T }[]): Promise<void> {
  const atOnce = all.length > 1 && patched('tell-side-by-side') ? TOLD_AT_ONCE : 1;
  for (let first = 0; first < all.length; first += atOnce) {
    const some = all.slice(first, first + atOnce);
    await Promise.all(some.map(({ holder, message }) => tell(holder, signal, message)));
  }
}

async function tell<T>(holder: string, signal: SignalDefinition<[T]>, message: T): Promise<void> {
  try {
    await getExternalWorkflowHandle(holder).signal(signal, message);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // The job ended meanwhile; its lease goes with its release or expires.
    log.warn('a lease holder could not be told', { holder, error: String(error) });
  }
}
