/** What brings files to a node: blobs, or an application package of the workspace or of the Batch account. */
export type ProgramSource = BlobProgram | ApplicationReference;

/** Files below a prefix, put into the working directory. */
export interface BlobProgram {
  container: string;
  prefix: string;
}

/** The node unpacks the package once; `AZ_BATCH_APP_PACKAGE_{application}_{version}` says where. */
export interface ApplicationReference {
  application: string;
  /** Default: the application's own default version. */
  version?: string;
}

export function isApplication(source: ProgramSource): source is ApplicationReference {
  return 'application' in source;
}

export interface OutputSpec {
  /** Pattern below the working directory, `*` and `**` allowed. */
  pattern: string;
  when?: 'success' | 'failure' | 'completion';
}

export interface TaskSpec {
  commandLine: string;
  program?: ProgramSource[];
  environment?: Record<string, string>;
  /** Environment whose values are fetched from Key Vault whenever tasks are handed to Batch, and kept nowhere else. */
  secrets?: Record<string, SecretReference>;
  container?: ContainerSpec;
  requiredSlots?: number;
  /** Nodes of a multi-instance task, at least 2. `commandLine` runs on the first of them. */
  instances?: number;
  /** Of a multi-instance task: run on each of its nodes, before `commandLine`. */
  coordinationCommandLine?: string;
  dependsOn?: DependencyRule[];
  /** ISO 8601 duration, per attempt. */
  timeout?: string;
  /** Retries by Batch itself on a non-zero exit code. */
  retries?: number;
  outputs?: OutputSpec[];
  /** Small JSON file that a succeeded task leaves in its working directory; carried into the results manifest. */
  resultFile?: string;
}

/** `https://{vault}.vault.azure.net/secrets/{name}[/{version}]`. */
export interface SecretReference {
  keyVaultSecret: string;
}

export interface ContainerSpec {
  image: string;
  /** Options of `docker create`, as Batch takes them. */
  runOptions?: string;
}

/** A task may depend on tasks of lower index only, so that no rule can make a circle. */
export interface DependencyRule {
  /** Task indexes and ranges that the rule holds for, such as `10-19,25`; `10-` is open (all tasks, when absent). */
  tasks?: string;
  /** Task indexes and ranges that have to succeed before. */
  on?: string;
  /** The same by distance, below 0: `-1` is the task before. */
  offset?: number;
}
