/** Where something stands in a formula, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

export type BinaryOperator = '||' | '&&' | '<' | '<=' | '==' | '>=' | '>' | '!=' | '+' | '-' | '*' | '/';

export type Expression = Position &
  (
    | { kind: 'number'; value: number }
    | { kind: 'string'; value: string }
    | { kind: 'name'; name: string }
    | { kind: 'list'; items: Expression[] }
    | { kind: 'unary'; operator: '-' | '!'; operand: Expression }
    | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
    | { kind: 'choice'; condition: Expression; then: Expression; otherwise: Expression }
    | { kind: 'call'; name: string; args: Expression[] }
    | { kind: 'method'; target: Expression; name: string; args: Expression[] }
    | { kind: 'member'; target: Expression; name: string }
  );

/** `target = expression`, or an expression whose value is dropped. */
export interface Statement extends Position {
  target?: string;
  expression: Expression;
}

export type Formula = readonly Statement[];
