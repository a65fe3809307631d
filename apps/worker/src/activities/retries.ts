/** Which tasks a further wave runs: failures worth another attempt, and what waited for others that can now succeed. */
import { heartbeat } from '@temporalio/activity';
import { Ledger } from '@windrow/storage';
import type { JobInput, LedgerEntry, RetryLine } from '@windrow/contract';
import {
  attemptOf,
  completeExecution,
  formatRetryLine,
  jobPaths,
  taskSlots,
  waveOf,
  workspaceContainer,
} from '@windrow/contract';
import { Dependencies, IndexRuns, Marks } from './dependencies';
import type { ActivityDeps } from './deps';
import { readSpec } from './job-files';
import { beating } from './poll';
import { backoffOf, changeOf } from './retry-rules';
import { TaskBook } from './task-book';
import type { TaskStates } from './task-book';
import { MAX_DEPENDENCY_RANGES, readTaskSet } from './task-source';
import type { RetryDecision, RetryInput } from './wave-types';

export function createRetryActivities({ storage }: ActivityDeps) {
  /** Writes the list of tasks of the next wave, by index; an empty list is not written. */
  async function decideRetries({ input, first, attempt, tasks }: RetryInput): Promise<RetryDecision> {
    return beating(async () => {
      const container = workspaceContainer(input.workspace);
      const spec = await readSpec(storage.blobs, input);
      const rules = completeExecution(spec.execution).retryRules;
      const ledger = new Ledger(storage.blobs, container, input.uid);
      const book = new TaskBook(tasks, rules);
      if (input.redrive) {
        for (const wave of await wavesBefore(ledger, first))
          for await (const entry of ledger.read(wave)) book.add(entry);
        book.beginRun(await readTaskSet(storage.blobs, container, jobPaths(input.uid).retryList(first)));
      }
      const backoffMs = await readWaves(ledger, book, first, attempt);
      const choice = chooseTasks(book, new Dependencies(spec.task.dependsOn));
      const blob = jobPaths(input.uid).retryList(attempt + 1);
      if (choice.chosen.length > 0) {
        await storage.blobs.writeText(container, blob, `${choice.chosen.map(formatRetryLine).join('\n')}\n`);
      }
      let slots = 0;
      for (const { rules: matched } of choice.chosen) {
        const { requiredSlots = spec.task.requiredSlots ?? 1 } = changeOf(rules, matched);
        slots = Math.max(slots, taskSlots({ ...spec.task, requiredSlots }));
      }
      return { retry: choice.chosen.length, blob, backoffMs, slots, failed: choice.failed, blocked: choice.blocked };
    });
  }

  /** The first failure of a wave in words, for the job's error. */
  async function explainFailure({ input, wave }: { input: JobInput; wave: string }): Promise<string> {
    heartbeat();
    const container = workspaceContainer(input.workspace);
    for await (const entry of new Ledger(storage.blobs, container, input.uid).read(wave)) {
      if (entry.outcome === 'failed') return describeFailure(entry);
    }
    return 'unknown';
  }

  return { decideRetries, explainFailure };
}

/** Every wave of this run; the wait is that of the latest one's failures, the longest of them. Milliseconds. */
async function readWaves(ledger: Ledger, book: TaskBook, first: number, attempt: number): Promise<number> {
  let backoffMs = 0;
  for (let wave = first; wave <= attempt; wave += 1) {
    for await (const entry of ledger.read(waveOf(wave))) {
      const rule = book.add(entry);
      if (rule && wave === attempt) backoffMs = Math.max(backoffMs, backoffOf(rule, book.attemptsOf(entry.task)));
    }
  }
  return backoffMs;
}

/** Waves of the job's tasks that are older than this one. */
async function wavesBefore(ledger: Ledger, first: number): Promise<string[]> {
  return (await ledger.waves()).filter((wave) => (attemptOf(wave) ?? Infinity) < first);
}

/**
 * One pass by index, since tasks wait for lower ones only. A task that waits for one that will never succeed is blocked
 * for good. One whose dependencies would take too many ranges waits for a later wave, when fewer of them are open; so
 * do those that wait for it.
 */
export function chooseTasks(
  book: TaskStates,
  dependencies: Dependencies,
): { chosen: RetryLine[]; failed: number; blocked: number } {
  const chosen: RetryLine[] = [];
  const runs = new IndexRuns();
  const lost = new Marks(book.tasks);
  const later = new Marks(book.tasks);
  let failed = 0;
  let blocked = 0;
  for (let task = 0; task < book.tasks; task += 1) {
    const state = book.stateOf(task);
    const open = state === 'pending' || state === 'retry';
    const waitsFor = open ? dependencies.of(task) : [];
    const isLost = state === 'failed' || state === 'skipped' || lost.anyIn(waitsFor);
    const isLater = open && !isLost && (later.anyIn(waitsFor) || !runs.within(waitsFor, MAX_DEPENDENCY_RANGES));
    lost.push(isLost);
    later.push(isLater);
    if (isLost && open) blocked += 1;
    else if (state === 'failed') failed += 1;
    if (!open || isLost || isLater) continue;
    runs.add(task);
    const earlier = book.earlierOf(task);
    chosen.push({ task, attempts: book.attemptsOf(task), ...(earlier > 0 && { earlier }), rules: book.rulesOf(task) });
  }
  return { chosen, failed, blocked };
}

function describeFailure(entry: LedgerEntry): string {
  const exit = entry.exitCode === undefined ? '' : `, exit code ${entry.exitCode}`;
  const tail = entry.stderrTail ? `; stderr ends: ${entry.stderrTail.trim().slice(-500)}` : '';
  return `task ${entry.task}: ${entry.code ?? 'Unknown'} (${entry.category ?? 'service'}${exit})${tail}`;
}
