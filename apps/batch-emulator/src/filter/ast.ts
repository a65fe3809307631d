export type Operator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** A date-time literal, in microseconds since the Unix epoch; kept apart from plain numbers. */
export interface TimeLiteral {
  time: number;
}

export type Literal = string | number | boolean | TimeLiteral;

export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'compare'; property: string; operator: Operator; literal: Literal }
  | { kind: 'startswith'; property: string; prefix: string };
