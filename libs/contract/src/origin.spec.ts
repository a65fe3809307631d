import { inTraceOf, isEndless, parseTraceparent, runSpan, subjectOfWorkflow, traceparentOf } from './index';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const RUN = '0198c5a1-7c3e-7d50-9b1f-27aa00bb11cc';

describe('a traceparent', () => {
  it('is read and written', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(traceparentOf(parseTraceparent(text)!)).toBe(text);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)).toMatchObject({ sampled: false });
  });

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `ff-${TRACE}-${SPAN}-01`,
  ])('is not %p', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it('of a run has the span that the run stands for', () => {
    expect(runSpan(RUN)).toEqual({ traceId: '0198c5a17c3e7d509b1f27aa00bb11cc', spanId: '9b1f27aa00bb11cc' });
    expect(inTraceOf(`00-${TRACE}-${SPAN}-01`, RUN)).toBe(`00-${TRACE}-9b1f27aa00bb11cc-01`);
    expect(inTraceOf(undefined, RUN)).toBeUndefined();
  });
});

it.each([
  ['job:aero/blades/j1', { workspace: 'aero', experiment: 'blades', job: 'j1' }],
  ['delete:job/aero/blades/j1', { workspace: 'aero', experiment: 'blades', job: 'j1' }],
  ['cluster:aero/~u1-r2', { workspace: 'aero', cluster: '~u1-r2' }],
  ['plan:aero/u1', { workspace: 'aero' }],
  ['admission:aero', { workspace: 'aero' }],
  ['run:aero/nightly-2026-01-01T00:00:00Z', { workspace: 'aero' }],
  ['delete:experiment/aero/blades', { workspace: 'aero' }],
  ['delete:workspace/aero', { workspace: 'aero' }],
  ['windrow-sweeper', {}],
])('the id %s tells what its workflow is about', (id, subject) => {
  expect(subjectOfWorkflow(id)).toEqual(subject);
});

it('what is shared has no end, and so no trace', () => {
  const endless = ['cluster:aero/shared', 'admission:aero', 'cluster:aero/~u1', 'job:aero/e/j'].filter(isEndless);
  expect(endless).toEqual(['cluster:aero/shared', 'admission:aero']);
});
