/** Inputs of the lease activities. Types only: workflows import them. */
import type { JobInput, LeaseRequest, PoolTemplate } from '@windrow/contract';

export interface AcquireInput {
  input: JobInput;
  cluster: string;
  /** Present for a pool of the job's own, which is started with the claim. */
  template?: PoolTemplate;
  keepPool?: boolean;
  request: LeaseRequest;
}

/** What a renewal says when it is cancelled. */
export interface RenewalEnd {
  /** It has claimed anew, or may have: a lease that was given back meanwhile has to be given back again. */
  claimed: boolean;
}
