import fc from 'fast-check';
import type { Json, TemplateScope } from '@windrow/contract';
import { expandTemplate, parseTemplate } from './templates';

const scope = (item: Json): TemplateScope => ({
  item,
  parameters: { year: 2024, deep: { a: ['x'] } },
  task: { index: 7 },
});

function expand(text: string, item: Json, isCommand = false): string | undefined {
  const template = parseTemplate(text, '$.place', { isCommand });
  return template && expandTemplate(template, scope(item), 3);
}

describe('templates', () => {
  it.each([
    ['{{item.name}}', { name: 'a b' }, 'a b'],
    ['{{ item.a.b }}', { a: { b: 1.5 } }, '1.5'],
    ['{{item.list.1}}', { list: [1, { x: true }] }, '{"x":true}'],
    ['{{item}}', 'line', 'line'],
    ['{{item}}', { a: 1 }, '{"a":1}'],
    ['{{item.a.b}}', { 'a.b': 'dotted' }, 'dotted'],
    ['{{item.none}}', { none: null }, ''],
    ['{{parameters.year}}-{{task.index}}-{{parameters.deep.a.0}}', 0, '2024-7-x'],
    ['{{item.x}}{{item.x}}', { x: '{{item.x}}' }, '{{item.x}}{{item.x}}'],
  ])('expands %j', (text, item, expected) => {
    expect(expand(text, item)).toBe(expected);
  });

  it('leaves text without templates alone', () => {
    expect(expand("awk '{ print $1 }' ${HOME} {x} { { } }", {})).toBeUndefined();
  });

  it.each(['{{}}', '{{foo}}', '{{task.name}}', '{{task}}', '{{parameters}}', '{{item.}}', '{{item..a}}', '{{.Names}}'])(
    'refuses %s, with its place',
    (text) => {
      expect(() => parseTemplate(`x ${text}`, '$.task.environment.X')).toThrow(
        expect.objectContaining({ code: 'InvalidTemplate', path: '$.task.environment.X' }),
      );
    },
  );

  it.each([
    '{{item.nope}}',
    '{{item.name.length}}',
    '{{item.__proto__}}',
    '{{item.constructor}}',
    '{{parameters.nope}}',
  ])('finds nothing for %s', (text) => {
    expect(() => expand(text, { name: 'x' })).toThrow('names nothing that exists');
  });

  it.each(['a; rm -rf ~', '$(x)', '`x`', 'a b', "it's", '"', 'a\nb', '*', 'ü', '~', '', 'a&b', '>x', 'a\\b', '#', '!'])(
    'keeps %j out of a command line and names the item',
    (name) => {
      expect(() => expand('cat {{item.name}}', { name }, true)).toThrow(
        expect.objectContaining({ code: 'InvalidTemplate', path: '$.place' }),
      );
      expect(() => expand('cat {{item.name}}', { name }, true)).toThrow("'{{item.name}}' of item 3 is");
    },
  );

  it('lets only harmless characters into a command line, whatever the value', () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z0-9_@%+=:,./-]+$/));
    fc.assert(
      fc.property(value, (name) => {
        const harmless = /^[A-Za-z0-9_@%+=:,./-]+$/.test(name) && !name.includes('\n');
        if (harmless) expect(expand('x {{item.name}} y', { name }, true)).toBe(`x ${name} y`);
        else expect(() => expand('x {{item.name}} y', { name }, true)).toThrow('a command line cannot take');
      }),
      { numRuns: 1000 },
    );
  });

  it('hands any text to the environment as it is, but for a NUL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        if (name.includes('\0')) expect(() => expand('{{item}}', name)).toThrow('NUL');
        else expect(expand('<{{item}}>', name)).toBe(`<${name}>`);
      }),
    );
  });

  it('shortens what it shows', () => {
    expect(() => expand('{{item}}', ' '.repeat(5000), true)).toThrow(/^.{0,400}$/);
  });
});
