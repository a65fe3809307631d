import fc, { type Arbitrary } from 'fast-check';
import { modelOf, type Property } from '@windrow/batch-emulator';

/** Words that mean something to JavaScript, to file systems, to URLs or to Batch. */
const LOADED = [
  ...[
    '',
    ' ',
    '\0',
    '.',
    '..',
    '../..',
    '/etc/passwd',
    'a\\b',
    '%',
    '%00',
    '%2e%2e%2f',
    '%zz',
    '\u202e',
    '💥',
    '\ud800',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', 'null', 'undefined'],
  ...['NaN', 'Infinity', '-0', '1e400', '0x10', '9007199254740993', '-1', 'true', 'x'.repeat(3000)],
  ...['PT0S', '-PT1H', 'PT1M', 'P99999999999D', 'P10675199DT2H48M5.4775807S', 'P', 'PT1.5S'],
  ...['2024-01-01T00:00:00Z', '9999-12-31T23:59:59.9999999Z', '+275760-09-13T00:00:00Z', '0000-00-00', '2024-02-30'],
  ...[
    'known',
    'KNOWN',
    'simulated_d2',
    'job-1',
    'TVM:known',
    'SharedKey',
    "'",
    "''",
    '"',
    ';',
    '$',
    '{{}}',
    '<a>',
    '&&',
  ],
];

/** Commands, should one ever be run, do no harm. */
const COMMANDS = ['true', 'x', '', ' ', '"', "'", '\0', '$X', '\\'];

export const anyText: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...LOADED) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);

/** JSON texts rather than values: a text can say things that no value can. */
const scalarText: Arbitrary<string> = fc.oneof(
  anyText.map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '2',
    '-0',
    '1.5',
    '1e5',
    '1e308',
    '1e999',
    '-1e999',
    '2147483648',
    '9007199254740993',
  ),
  fc.constantFrom('true', 'false', 'null', '[]', '{}', '[[]]', '[null]', '{"":{}}', '{"__proto__":{"a":1}}'),
  fc.integer().map(String),
);

const deepText: Arbitrary<string> = fc
  .tuple(fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"":', '}]']), fc.constantFrom(10, 500, 20_000))
  .map(([[open = '', close = ''], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`);

export const anyJson: Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: scalarText },
  { weight: 4, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: deepText },
);

const MAX_DEPTH = 5;
const known = new Map<string, Arbitrary<string>>();

/** A body that is nearly right for the type: members left out, doubled, unknown and of other types. */
export function bodyOf(model: string, depth = 0): Arbitrary<string> {
  const key = `${model} ${depth}`;
  let body = known.get(key);
  if (!body) known.set(key, (body = makeBody(model, depth)));
  return body;
}

const rarely = (text: Arbitrary<string>): Arbitrary<string | null> =>
  fc.oneof({ weight: 50, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: text });

function makeBody(model: string, depth: number): Arbitrary<string> {
  const described = modelOf(model);
  const properties = [...(described?.properties.values() ?? [])];
  const isRequired = ({ name }: Property): boolean => described?.required.includes(name) ?? false;
  const optional = properties.filter((property) => !isRequired(property));
  const required = fc.tuple(...properties.filter(isRequired).map((each) => memberOf(each, depth)));
  const some = optional.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...optional), { maxLength: 4 });
  const extra = some.chain((chosen) => fc.tuple(...chosen.map((property) => memberOf(property, depth))));
  const odd = fc.tuple(anyText, anyJson).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return fc.tuple(required, extra, rarely(odd), fc.nat(150)).map(([needed, more, stray, drop]) => {
    const members = [...needed.filter((_member, index) => index !== drop), ...more];
    return `{${[...members, ...(stray === null ? [] : [stray])].join(',')}}`;
  });
}

function memberOf(property: Property, depth: number): Arbitrary<string> {
  const fitting = property.list ? listOf(property, depth) : valueOf(property, depth);
  return fc
    .oneof({ weight: 40, arbitrary: fitting }, { weight: 1, arbitrary: anyJson })
    .map((value) => `${JSON.stringify(property.name)}:${value}`);
}

const listOf = (property: Property, depth: number): Arbitrary<string> =>
  fc.array(valueOf(property, depth), { maxLength: 2 }).map((items) => `[${items.join(',')}]`);

function valueOf({ name, type, values }: Property, depth: number): Arbitrary<string> {
  if (values) return fc.constantFrom(...values.values()).map((value) => JSON.stringify(value));
  switch (type) {
    case 'str':
      return textFor(name).map((value) => JSON.stringify(value));
    case 'int':
    case 'num':
      return fc.oneof(fc.integer({ min: -2, max: 5 }), fc.integer()).map(String);
    case 'bool':
      return fc.boolean().map(String);
    case 'dur':
      return fc.constantFrom('"PT1M"', '"PT5M"', '"P1D"', '"-PT1S"', '"PT0S"', '"P10675199DT2H48M5.4775807S"');
    case 'dt':
      return fc.constantFrom('"2024-01-01T00:00:00Z"', '"2099-01-01T00:00:00Z"', '"9999-12-31T23:59:59.9999999Z"');
    default:
      return depth < MAX_DEPTH && modelOf(type) ? bodyOf(type, depth + 1) : anyJson;
  }
}

/** Simulated sizes only, so that nothing that was made up is ever run. */
function textFor(name: string): Arbitrary<string> {
  if (/commandLine/i.test(name)) return fc.constantFrom(...COMMANDS);
  if (name === 'vmSize')
    return fc.constantFrom('simulated_d2', 'simulated_d4', 'SIMULATED_A1', 'simulated_', '../simulated_a');
  if (name === 'autoScaleFormula') return formula;
  if (name === 'id' || name.endsWith('Id')) {
    const good = fc.nat(1_000_000).map((number) => `made-${number}`);
    return fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: anyText });
  }
  if (/url$/i.test(name)) return fc.constantFrom('', 'x', 'http://', 'http://[', 'ftp://x', 'file:///etc/passwd');
  return anyText;
}

const joined = (words: readonly string[], maxLength: number): Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...words) }, anyText), { maxLength })
    .map((parts) => parts.join(' '));

const nested = (open: string, middle: string, close: string): Arbitrary<string> =>
  fc.constantFrom(5, 150, 600).map((depth) => `${open.repeat(depth)}${middle}${close.repeat(depth)}`);

/** Formulas that can be read, whatever they then come to. */
const sensible: Arbitrary<string> = fc
  .letrec<{ expression: string; list: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(
        '1',
        '0',
        '2.5',
        '1e308',
        'a',
        '$ActiveTasks',
        '$CPUPercent',
        '"requeue"',
        'time()',
        'TimeInterval_Hour',
        'rand()',
      ),
      fc
        .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/', '<', '==', '!=', '&&', '||'), tie('expression'))
        .map((parts) => `(${parts.join(' ')})`),
      fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc
        .tuple(
          fc.constantFrom(
            'avg',
            'max',
            'std',
            'sum',
            'vec',
            'len',
            'percentile',
            'val',
            'time',
            'round',
            'ln',
            'toString',
            'stop',
          ),
          tie('list'),
        )
        .map(([name, list]) => `${name}(${list})`),
      fc
        .tuple(
          fc.constantFrom('GetSample', 'GetSamplePercent', 'Count', 'HistoryBeginTime', 'GetSamplePeriod', 'valueOf'),
          tie('list'),
        )
        .map(([name, list]) => `$PendingTasks.${name}(${list})`),
      fc
        .tuple(tie('expression'), fc.constantFrom('year', 'weekday', 'length', 'constructor', '__proto__'))
        .map(([value, member]) => `${value}.${member}`),
      fc.tuple(fc.constantFrom('-', '!'), tie('expression')).map((parts) => parts.join('')),
      tie('list').map((list) => `[${list}]`),
    ),
    list: fc.array(tie('expression'), { maxLength: 3 }).map((items) => items.join(', ')),
  }))
  .expression.chain((value) =>
    fc
      .constantFrom('$TargetDedicatedNodes', '$TargetLowPriorityNodes', 'a', '$NodeDeallocationOption', '$ActiveTasks')
      .map((name) => `a = 1; ${name} = ${value}; b = a`),
  );

export const formula: Arbitrary<string> = fc.oneof(
  { weight: 100, arbitrary: sensible },
  { weight: 1, arbitrary: nested('(', '1', ')') },
  { weight: 1, arbitrary: nested('-', '1', '') },
  { weight: 1, arbitrary: nested('1?', '1', ':1') },
  { weight: 1, arbitrary: nested('1+', '1', '') },
  { weight: 1, arbitrary: nested('vec(', '1', ')') },
  {
    weight: 100,
    arbitrary: joined(
      [
        ...[
          '$TargetDedicatedNodes',
          '$TargetLowPriorityNodes',
          '$NodeDeallocationOption',
          '$ActiveTasks',
          '$CPUPercent',
        ],
        ...[
          '=',
          '=',
          ';',
          ';',
          '+',
          '-',
          '*',
          '/',
          '(',
          ')',
          '[',
          ']',
          ',',
          '?',
          ':',
          '.',
          '!',
          '&&',
          '||',
          '<',
          '==',
          '1',
          '2.5',
        ],
        ...['avg(', 'max(', 'percentile(', 'val(', 'rand()', 'time(', 'stop()', 'vec(1,2)', 'constructor(', 'std()'],
        ...[
          'GetSample(',
          'GetSamplePercent(',
          'TimeInterval_Minute',
          'a',
          '$a',
          '"requeue"',
          '//',
          '\n',
          '1e999',
          '__proto__',
        ],
      ],
      14,
    ),
  },
);

export const filter: Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: nested('(', "id eq 'a'", ')') },
  { weight: 1, arbitrary: nested("id eq 'a' or ", "id eq 'a'", '') },
  { weight: 1, arbitrary: nested("id eq 'a' and (", "id eq 'a'", ')') },
  {
    weight: 100,
    arbitrary: joined(
      [
        ...[
          'id',
          'state',
          'executionInfo/exitCode',
          'creationTime',
          'startswith(',
          'constructor',
          '__proto__',
          'nodeInfo/nodeId',
        ],
        ...['eq', 'ne', 'gt', 'le', 'and', 'or', 'not', '(', ')', ',', "'active'", "'a'", '1', '-1.5', 'true', 'null'],
        ..."datetime'2024-01-01T00:00:00Z'|datetime''|datetime'x'|'|''".split('|'),
      ],
      10,
    ),
  },
);
