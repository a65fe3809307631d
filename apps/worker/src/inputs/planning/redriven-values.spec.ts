import type { PlannedTask } from '@windrow/contract';
import { MemoryBlobs } from '../../../../../test/support/memory-blobs';
import { RedrivenValues } from './redriven-values';

const SPEC = { parameters: { year: 2024 } };
const blobs = new MemoryBlobs();
blobs.put('c', 'staged/1', '{"name":"large"}\n');
const INLINE: PlannedTask = {
  index: 7,
  items: 1,
  inline: { item: { name: 'small' } },
  commandLine: 'old small',
  environment: { A: 'old', B: 'kept' },
};
const STAGED: PlannedTask = { index: 8, items: 1, itemsBlob: 'staged/1' };
const MANY: PlannedTask = { index: 9, items: 2, itemsBlob: 'staged/1' };
const values = (task: object) => new RedrivenValues(SPEC, { task }, blobs, 'c');

it('a task of a redrive without changes is the planned one', async () => {
  expect(await new RedrivenValues(SPEC, {}, blobs, 'c').of(INLINE)).toBe(INLINE);
  expect(await values({ requiredSlots: 2 }).of(INLINE)).toBe(INLINE);
});

it('a changed command line expands from the item, wherever it lies, the parameters and the index', async () => {
  const changed = values({ commandLine: 'new {{item.name}} {{parameters.year}} {{task.index}}' });
  expect(await changed.of(INLINE)).toMatchObject({
    commandLine: 'new small 2024 7',
    environment: { A: 'old', B: 'kept' },
  });
  expect(await changed.of(STAGED)).toMatchObject({ commandLine: 'new large 2024 8', itemsBlob: 'staged/1' });
  await expect(changed.of(MANY)).rejects.toMatchObject({ code: 'InvalidTemplate', path: '$.task.commandLine' });
});

it('a changed command line without templates replaces one that was expanded', async () => {
  const { commandLine, ...rest } = await values({ commandLine: 'plain' }).of(INLINE);
  expect(commandLine).toBeUndefined();
  expect(rest).toMatchObject({ index: 7, inline: INLINE.inline });
});

it('changed variables take the place of expanded ones, and the command stays', async () => {
  expect(await values({ environment: { A: 'new', C: '{{item.name}}' } }).of(INLINE)).toMatchObject({
    commandLine: 'old small',
    environment: { B: 'kept', C: 'small' },
  });
});

it('what no command line can take is refused with the item named', async () => {
  const evil: PlannedTask = { index: 0, items: 1, inline: { item: '; rm -rf ~' } };
  await expect(values({ commandLine: 'cat {{item}}' }).of(evil)).rejects.toMatchObject({ code: 'InvalidTemplate' });
});
