import { shortSummary } from './job-start';

it('cuts summaries to what Temporal takes, at whole characters', () => {
  expect(shortSummary('short')).toBe('short');
  const cut = shortSummary('😀"\\'.repeat(200));
  expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThanOrEqual(400);
  expect(cut).toMatch(/^(?:😀|"|\\)+\.\.\.$/u);
});
