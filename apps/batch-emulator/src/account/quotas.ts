/** Limits of the account ("Batch service quotas and limits"); the defaults are out of the way of ordinary use. */
export interface AccountQuotas {
  pools: number;
  /** Jobs and job schedules that are not completed, together. */
  activeJobsAndSchedules: number;
  dedicatedCores: number;
  lowPriorityCores: number;
}

export const DEFAULT_QUOTAS: AccountQuotas = {
  pools: 1000,
  activeJobsAndSchedules: 100_000,
  dedicatedCores: 1_000_000,
  lowPriorityCores: 1_000_000,
};
