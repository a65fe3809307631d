/** The gather phase: what every job gets, and what it asked for beyond. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type {
  ConcatGather,
  FailureGroup,
  JobInput,
  JobMetrics,
  JobMetricsRecord,
  JobSpec,
  ReduceGather,
  ResultManifest,
} from '@windrow/contract';
import { DEFAULT_METRICS_FILE, jobMetricsOf, jobPaths, scalarsOf, workspaceContainer } from '@windrow/contract';
import { Ledger } from '@windrow/storage';
import { concat, foldLedger, readTaskResults, writeManifest, writeMetrics, writeResultFiles } from '../results';
import type { JobOutcomes, ResultPlace } from '../results';
import type { ActivityDeps } from './deps';
import { readSpec } from './job-files';
import { beating } from './poll';
import type { ReducePlanInput } from './reduce';
import { planReduction } from './reduce';

export interface GatherInput {
  input: JobInput;
  tasks: number;
  outcome: ResultManifest['outcome'];
  concat: ConcatGather | undefined;
}

export interface GatherOutcome {
  counts: ResultManifest['counts'];
  failures: FailureGroup[];
  metrics?: JobMetrics;
}

export function createGatherActivities({ storage: { blobs, resources } }: ActivityDeps) {
  async function gatherResults({ input, tasks, outcome, concat: merge }: GatherInput): Promise<GatherOutcome> {
    const container = workspaceContainer(input.workspace);
    const { workspace, experiment, job, uid } = input;
    const place = { blobs, container, uid };
    const signal = cancellationSignal();
    return beating(async () => {
      const outcomes = await foldLedger(new Ledger(blobs, container, uid), tasks, signal);
      const spec = await readSpec(blobs, input);
      const { resultFile } = spec.task;
      const results =
        resultFile === undefined ? undefined : readTaskResults({ ...place, signal }, outcomes, resultFile);
      const written = await writeResultFiles(place, outcomes, results);
      const metrics = await gatherMetrics({ ...place, signal }, input, spec, outcomes);
      if (merge) await concat({ ...place, signal }, outcomes.tasksThat('succeeded'), merge);
      const artefacts = await listArtefacts(container, uid);
      // The manifest of a cancelled job is for the release to write.
      signal.throwIfAborted();
      const createdTime = new Date().toISOString();
      const facts = { job: { workspace, experiment, job, uid }, outcome, ...written, artefacts, createdTime };
      const { counts, failures } = await writeManifest(place, outcomes, facts);
      return { counts, failures: failures.map(shortened), ...(metrics && { metrics }) };
    });
  }

  /** Where the job asks for it; then its experiment knows of it, too. */
  async function gatherMetrics(
    place: ResultPlace & { signal: AbortSignal },
    input: JobInput,
    { metrics: wanted, parameters }: JobSpec,
    outcomes: JobOutcomes,
  ): Promise<JobMetrics | undefined> {
    if (!wanted) return undefined;
    const files = readTaskResults(place, outcomes, wanted.file ?? DEFAULT_METRICS_FILE);
    const metrics = await writeMetrics(place, files, wanted, outcomes.counts().succeeded);
    const { workspace, experiment, job, uid, createdTime } = input;
    const record = { workspace, experiment, job, uid, createdTime, parameters: scalarsOf(parameters), metrics };
    await resources.put<JobMetricsRecord>({ ...jobMetricsOf(input), name: uid }, record);
    return metrics;
  }

  async function listArtefacts(container: string, uid: string): Promise<ResultManifest['artefacts']> {
    const found = [];
    for await (const { name, bytes } of blobs.list(container, { prefix: jobPaths(uid).artefacts })) {
      found.push({ name, bytes });
    }
    return found;
  }

  async function planReduce(plan: ReducePlanInput): Promise<{ tasks: number }> {
    const spec = await readSpec(blobs, plan.input);
    let beats = 0;
    return planReduction(blobs, plan, spec.gather as ReduceGather, () => {
      if (++beats % 100 === 0) heartbeat(beats);
    });
  }

  return { gatherResults, planReduce };
}

/** Rows of the catalogue stay small: the whole tail is in the manifest and in FAILED_n.jsonl. */
function shortened(group: FailureGroup): FailureGroup {
  const examples = group.examples.map((example) => ({
    ...example,
    ...(example.stderrTail !== undefined && { stderrTail: example.stderrTail.slice(-500) }),
  }));
  return { ...group, examples };
}
