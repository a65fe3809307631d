/** The gather phase: what every job gets, and what it asked for beyond. */
import { heartbeat } from '@temporalio/activity';
import type { ConcatGather, FailureGroup, JobInput, ReduceGather, ResultManifest } from '@windrow/contract';
import { jobPaths, workspaceContainer } from '@windrow/contract';
import { concatOutputs } from './concat';
import type { ActivityDeps } from './deps';
import { readSpec } from './job-files';
import { Outcomes } from './outcomes';
import { beating } from './poll';
import type { ReducePlanInput } from './reduce';
import { planReduction } from './reduce';
import { writeResultFiles } from './result-files';

export interface GatherInput {
  input: JobInput;
  tasks: number;
  outcome: ResultManifest['outcome'];
  concat: ConcatGather | undefined;
}

export interface GatherOutcome {
  counts: ResultManifest['counts'];
  failures: FailureGroup[];
}

/** Groups that fit a row of the catalogue; the manifest has them all. */
const MAX_GROUPS_IN_ROW = 20;

export function createGatherActivities({ storage: { blobs } }: ActivityDeps) {
  async function gatherResults({ input, tasks, outcome, concat }: GatherInput): Promise<GatherOutcome> {
    const container = workspaceContainer(input.workspace);
    const { uid } = input;
    return beating(async () => {
      const outcomes = await Outcomes.read(blobs, container, uid, tasks);
      const files = await writeResultFiles(blobs, container, uid, outcomes);
      if (concat) await concatOutputs(blobs, container, uid, concat, outcomes);
      const manifest: ResultManifest = {
        job: { workspace: input.workspace, experiment: input.experiment, job: input.job, uid },
        outcome,
        counts: outcomes.counts(),
        files,
        artefacts: await listArtefacts(container, uid),
        failures: outcomes.groups(),
        createdTime: new Date().toISOString(),
      };
      await blobs.writeJson(container, jobPaths(uid).manifest, manifest);
      return { counts: manifest.counts, failures: manifest.failures.slice(0, MAX_GROUPS_IN_ROW) };
    });
  }

  /** What lies in `results/` besides our own files. */
  async function listArtefacts(container: string, uid: string): Promise<ResultManifest['artefacts']> {
    const artefacts = [];
    const { results } = jobPaths(uid);
    for await (const { name, bytes } of blobs.list(container, { prefix: results })) {
      const file = name.slice(results.length);
      if (file !== 'manifest.json' && !/^(SUCCEEDED|FAILED|PENDING)_\d+\.jsonl$/.test(file))
        artefacts.push({ name, bytes });
    }
    return artefacts;
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
