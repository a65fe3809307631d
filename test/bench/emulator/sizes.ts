/** How much is measured. */
export interface Sizes {
  /** Tasks in a job, smallest first. */
  jobs: number[];
  nodes: number;
  /** Tasks added at one go where speeds are compared. */
  window: number;
  /** Real processes. */
  processes: number;
  restart: number;
  /** Tasks of the job that runs to its end while it is watched. */
  toTheEnd: number;
}

export const FULL: Sizes = {
  jobs: [10_000, 100_000, 1_000_000],
  nodes: 5000,
  window: 10_000,
  processes: 2000,
  restart: 1_000_000,
  toTheEnd: 1_000_000,
};

export const SMALL: Sizes = {
  jobs: [10_000],
  nodes: 500,
  window: 2000,
  processes: 200,
  restart: 20_000,
  toTheEnd: 50_000,
};

export const SIMULATED = 'simulated_d2s_v3';

/** Of what is compared in a run, the median is taken of so many. */
export const TIMES = 3;
