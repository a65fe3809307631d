/** Which requests, nodes or tasks a fault is about. */
export interface FaultTarget {
  operation?: string | undefined;
  poolId?: string | undefined;
  nodeId?: string | undefined;
  jobId?: string | undefined;
  taskId?: string | undefined;
  vmSize?: string | undefined;
}

/** A fault as it is ordered: names of the target may hold `*`, what is left out matches everything. */
export interface FaultRule extends FaultTarget {
  kind: FaultKind;
  /** How often it strikes; without end when left out. */
  times?: number;
  probability?: number;
  /** Makes what is left to chance the same every time. */
  seed?: number;
  /** Emulated time from the order on. */
  afterSeconds?: number;
  forSeconds?: number;
  /** HTTP status of the answer. */
  status?: number;
  /** Of the answer, of the resize or of the task. */
  code?: string;
  retryAfter?: number;
  ms?: number;
  exitCode?: number;
  /** Nodes that are brought all the same. */
  allocated?: number;
  /** By id, or the part of them that is struck at once. */
  nodes?: string[];
  share?: number;
  /** How often an hour every node is struck, on average. */
  perHour?: number;
  /** What a lost node is seen as, and how long. */
  state?: 'unknown' | 'unusable';
  downSeconds?: number;
}

export type FieldName = Exclude<keyof FaultRule, 'kind'>;

const CHANCE = ['times', 'probability', 'seed', 'afterSeconds', 'forSeconds'] as const;
const REQUEST = ['operation', 'poolId', 'nodeId', 'jobId', 'taskId', ...CHANCE] as const;
const POOL = ['poolId', 'vmSize', ...CHANCE] as const;
const NODE = [...POOL, 'nodeId'] as const;
const TASK = [...NODE, 'jobId', 'taskId'] as const;
const STRIKE = [...NODE, 'nodes', 'share', 'perHour'] as const;

/** Every kind of fault with what may be said of it. */
export const KINDS = {
  reject: [...REQUEST, 'status', 'code', 'retryAfter'],
  loseRequest: REQUEST,
  loseResponse: REQUEST,
  slowResponse: [...REQUEST, 'ms'],
  quotaReached: [...POOL, 'allocated'],
  allocationFailure: [...POOL, 'code', 'allocated'],
  allocationTimeout: POOL,
  slowAllocation: [...POOL, 'ms'],
  startTaskFailure: [...NODE, 'exitCode'],
  unusableNode: NODE,
  preempt: STRIKE,
  nodeLoss: [...STRIKE, 'state', 'downSeconds'],
  taskFailure: [...TASK, 'exitCode', 'code'],
  slowTask: [...TASK, 'ms'],
} as const satisfies Record<string, readonly FieldName[]>;

export type FaultKind = keyof typeof KINDS;

/** Kinds that go out and strike nodes; the others lie in wait for something to happen. */
export const isStrike = ({ kind }: FaultRule): boolean => kind === 'preempt' || kind === 'nodeLoss';
