/** What others tell a job while it runs: its owner by updates, its cluster, its watches and its steps by signals. */
import { setHandler } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { ExecutionChange, PauseRequest } from '@windrow/contract';
import { FailureType } from '@windrow/contract';
import type { JobRun } from './job-workflow';
import {
  admissionSignal,
  changeUpdate,
  clusterStatusSignal,
  leaseGrantedSignal,
  pauseUpdate,
  progressSignal,
  resumeUpdate,
  waitingSignal,
} from './messages';

export function handleOwner(run: JobRun): void {
  const { controls, record } = run;
  const refuseLate = () => {
    if (!run.ending) return;
    throw ApplicationFailure.nonRetryable(`Job '${run.input.job}' has ended, or is about to.`, 'JobNotActive');
  };
  setHandler(
    pauseUpdate,
    async (request) => {
      controls.pause(request);
      await record.pause();
    },
    { validator: (_: PauseRequest) => refuseLate(), description: 'No further task starts until the job is resumed.' },
  );
  setHandler(
    resumeUpdate,
    async () => {
      controls.resume();
      await record.resume();
    },
    { validator: refuseLate, description: 'The job goes on.' },
  );
  setHandler(
    changeUpdate,
    async (change) => {
      controls.change(change);
      if (!controls.isPlanned) return;
      record.executes(controls.execution);
      await record.publish();
    },
    {
      validator: (_: ExecutionChange) => refuseLate(),
      description: 'Changes parallelism, priority, tolerance or time limits.',
    },
  );
}

export function handleSignals(run: JobRun): void {
  const { record } = run;
  setHandler(leaseGrantedSignal, (answer) => run.lease?.granted(answer), {
    description: 'The cluster grants the slots asked for, or more of them.',
  });
  setHandler(progressSignal, (progress) => record.progressed(progress), {
    description: 'The watch reports counts.',
  });
  setHandler(waitingSignal, (waiting) => record.waitFor('step', waiting), {
    description: 'A step waits, and why.',
  });
  setHandler(admissionSignal, (answer) => run.admission.told(answer), {
    description: 'By the quota of its workspace the job may run, or has another place in the queue.',
  });
  setHandler(
    clusterStatusSignal,
    async (status) => {
      if (status.broken) return run.end(FailureType.poolBroken, status.broken.message);
      if (status.spent !== undefined) run.spend(status.spent);
      await record.clusterSays(status);
    },
    { description: 'The cluster tells of its nodes, why it waits, and when the budget is used up.' },
  );
}
