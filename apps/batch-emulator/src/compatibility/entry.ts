/**
 * `full`: as the service does it. `partial`: something is missing. `inert`: accepted, kept and shown where the service
 * shows it, without any effect. `absent`: never in an answer.
 */
export type Level = 'full' | 'partial' | 'inert' | 'absent';

export interface Support {
  level: Level;
  /** What is missing, or why there is no effect. */
  note?: string;
  /** Cases that prove it, as `file: title`; the file is a suite or a spec of the conformance tests. */
  proof: readonly string[];
  /** Who gives such a property gets something else than from the service, and is told in the log. */
  told?: boolean;
}

export interface OperationEntry extends Support {
  /** Several operations of management have the same name. */
  name: string;
  /** Verb and path of its route. */
  call: string;
}

export interface FieldEntry extends Support {
  names: readonly string[];
}

/** Types of request bodies, or of parts of them, with the same properties. */
export interface ModelEntry {
  models: readonly string[];
  fields: readonly FieldEntry[];
}

export const full = (...proof: string[]): Support => ({ level: 'full', proof });

export const partial = (note: string, ...proof: string[]): Support => ({ level: 'partial', note, proof });

export const inert = (note: string): Support => ({ level: 'inert', note, proof: [] });

export const absent = (note: string): Support => ({ level: 'absent', note, proof: [] });

/** Inert, and what users would miss. */
export const missed = (note: string): Support => ({ ...inert(note), told: true });

export const operation = (name: string, call: string, support: Support): OperationEntry => ({ name, call, ...support });

export const field = (names: string, support: Support): FieldEntry => ({ names: names.split(' '), ...support });

export const model = (models: string, ...fields: FieldEntry[]): ModelEntry => ({ models: models.split(' '), fields });
