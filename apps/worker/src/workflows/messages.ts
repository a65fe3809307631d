import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  AdmitAnswer,
  AdmitRequest,
  ClusterStatusMessage,
  ExecutionChange,
  JobProgress,
  LeaseAnswer,
  LeaseRequest,
  NodesAnswer,
  NodesRequest,
  PauseRequest,
  QuotasInForce,
  ReleaseAnswer,
  RenewMessage,
  ResizeRequest,
  Waiting,
} from '@windrow/contract';
import { AdmissionUpdate, ClusterSignal, ClusterUpdate, JobSignal, JobUpdate } from '@windrow/contract';

export const acquireUpdate = defineUpdate<LeaseAnswer, [LeaseRequest]>(ClusterUpdate.acquire);
export const releaseUpdate = defineUpdate<ReleaseAnswer, [{ leaseId: string }]>(ClusterUpdate.release);
export const resizeUpdate = defineUpdate<void, [ResizeRequest]>(ClusterUpdate.resize);
export const deleteUpdate = defineUpdate<void, []>(ClusterUpdate.delete);
export const renewSignal = defineSignal<[RenewMessage]>(ClusterSignal.renew);

export const pauseUpdate = defineUpdate<void, [PauseRequest]>(JobUpdate.pause);
export const resumeUpdate = defineUpdate<void, []>(JobUpdate.resume);
export const changeUpdate = defineUpdate<void, [ExecutionChange]>(JobUpdate.change);
export const leaseGrantedSignal = defineSignal<[LeaseAnswer]>(JobSignal.leaseGranted);
export const clusterStatusSignal = defineSignal<[ClusterStatusMessage]>(JobSignal.clusterStatus);
export const progressSignal = defineSignal<[JobProgress]>(JobSignal.progress);
export const waitingSignal = defineSignal<[Waiting?]>(JobSignal.waiting);

export const admitUpdate = defineUpdate<AdmitAnswer, [AdmitRequest]>(AdmissionUpdate.admit);
export const leaveUpdate = defineUpdate<boolean, [{ id: string }]>(AdmissionUpdate.leave);
export const limitUpdate = defineUpdate<void, [QuotasInForce]>(AdmissionUpdate.limit);
export const holdNodesUpdate = defineUpdate<NodesAnswer, [NodesRequest]>(AdmissionUpdate.holdNodes);
export const admissionSignal = defineSignal<[AdmitAnswer]>(JobSignal.admission);
export const nodesFreedSignal = defineSignal<[]>(ClusterSignal.nodesFreed);
