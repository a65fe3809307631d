import type { LinkMinter } from '@windrow/storage';
import type { PlannedTask } from '@windrow/contract';
import type { WaveContext } from './batch-task';
import { createTaskBuilder, linkLifeMs, outputPath } from './batch-task';

const HOUR = 3_600_000;

const links = {
  blobUrl: (container: string, blob: string, _permissions: object, ttlMs: number) =>
    Promise.resolve(`https://blob/${container}/${blob}?life=${ttlMs / HOUR}h`),
  containerUrl: (container: string, permissions: object) =>
    Promise.resolve(`https://blob/${container}?${Object.keys(permissions).join('+')}`),
} as unknown as LinkMinter;

const context: WaveContext = {
  workspace: 'w',
  uid: 'u1',
  jobName: 'census',
  wave: '2',
  attempt: 2,
  flatten: false,
  outputPrefix: (index) => `jobs/u1/outputs/${index}`,
  template: {
    commandLine: `/bin/sh -c 'echo "it is $1"' x`,
    environment: { A: 'template', B: 'template' },
    program: [{ container: 'programs', blob: 'p/run.mjs', path: 'run.mjs' }],
    packages: [],
    outputs: [{ pattern: 'out/**' }, { pattern: 'core', when: 'failure' }],
    requiredSlots: 2,
    timeout: 'PT1H',
    retries: 1,
  },
};

async function build(task: PlannedTask) {
  return (await createTaskBuilder(links, context))(task);
}

describe('a Batch task made of a planned one', () => {
  it('has an id that sorts, the retries and the time limit of its template', async () => {
    const task = await build({ index: 42, items: 0 });
    expect(task).toMatchObject({
      id: '00000042',
      requiredSlots: 2,
      constraints: { maxTaskRetryCount: 1, maxWallClockTime: 'PT1H' },
    });
  });

  it('leaves the command line alone when its items are staged', async () => {
    const task = await build({ index: 0, items: 9, itemsBlob: 'jobs/u1/staged/items/0.jsonl' });
    expect(task.commandLine).toBe(context.template.commandLine);
    expect(task.resourceFiles).toContainEqual({
      httpUrl: 'https://blob/windrow-w/jobs/u1/staged/items/0.jsonl?life=26h',
      filePath: 'items.jsonl',
    });
  });

  it('carries a single small item in its environment and writes it to items.jsonl before the command', async () => {
    const task = await build({ index: 0, items: 1, inline: { item: { name: '$(reboot)' } } });
    expect(task.commandLine).toMatch(/ > items\.jsonl && exec "\$@"' windrow \/bin\/sh -c 'echo "it is \$1"' x$/);
    expect(task.commandLine).not.toContain('reboot');
    expect(task.environmentSettings).toContainEqual({ name: 'WINDROW_ITEM', value: '{"name":"$(reboot)"}' });
  });

  it('tells job, index and attempt; expanded values win over the template, ours over both', async () => {
    const task = await build({ index: 7, items: 0, environment: { B: 'expanded', WINDROW_JOB: 'forged' } });
    expect(Object.fromEntries(task.environmentSettings!.map(({ name, value }) => [name, value]))).toEqual({
      A: 'template',
      B: 'expanded',
      WINDROW_JOB: 'census',
      WINDROW_TASK_INDEX: '7',
      WINDROW_ATTEMPT: '2',
    });
  });

  it('fetches its range by itself, by a link that is in its environment only', async () => {
    const range = {
      ...{ container: 'corpus', blob: 'a b.csv', path: 'inputs/a b.csv', etag: '"e"', offset: 10, length: 5 },
      header: { offset: 0, length: 4 },
    };
    const task = await build({ index: 0, items: 1, inline: { item: 1 }, range });
    const variables = Object.fromEntries(task.environmentSettings!.map(({ name, value }) => [name, value]));
    expect(variables).toMatchObject({
      WINDROW_RANGE_LINK: 'https://blob/corpus/a b.csv?life=26h',
      WINDROW_RANGE_ETAG: '"e"',
      WINDROW_RANGE_HEADER: '0-3',
      WINDROW_RANGE_ROWS: '10-14',
      WINDROW_RANGE_PATH: 'inputs/a b.csv',
      WINDROW_RANGE_BYTES: '9',
    });
    const { environmentSettings: _, ...rest } = task;
    expect(JSON.stringify(rest)).not.toContain('https://blob/corpus');
    expect(task.commandLine.endsWith(` windrow ${context.template.commandLine}`)).toBe(true);
  });

  it('reads the version that was planned, where the account keeps versions', async () => {
    const asked: unknown[] = [];
    const spying = {
      ...links,
      blobUrl: async (...args: unknown[]) => String(asked.push(args.slice(1, 2).concat(args[4]))),
    };
    const pinned = await createTaskBuilder(spying as unknown as LinkMinter, context);
    const download = { container: 'corpus', blob: 'a', path: 'inputs/a', etag: '"e"', versionId: 'v7' };
    await pinned({
      index: 0,
      items: 1,
      downloads: [download, { ...download, blob: 'b', versionId: undefined as never }],
    });
    expect(asked).toEqual([
      ['p/run.mjs', {}],
      ['a', { versionId: 'v7' }],
      ['b', {}],
    ]);
  });

  it('is in a container by its image, whose entry point does not take the command for arguments', async () => {
    const container = { image: 'example/solver:1', runOptions: '--shm-size=1g' };
    const builder = await createTaskBuilder(links, { ...context, template: { ...context.template, container } });
    expect(await builder({ index: 0, items: 1, inline: { item: 1 } })).toMatchObject({
      commandLine: expect.stringMatching(/^\/bin\/sh -c .* windrow /),
      containerSettings: { imageName: 'example/solver:1', containerRunOptions: '--entrypoint= --shm-size=1g' },
    });
  });

  it('has packages, instances with its program on each node, and secrets beside its variables', async () => {
    const template = { ...context.template, packages: [{ applicationId: 'a', version: '1' }], instances: 4 };
    const secrets = { TOKEN: 'hush', WINDROW_JOB: 'forged' };
    const task = await (await createTaskBuilder(links, { ...context, template, secrets }))({ index: 0, items: 0 });
    const files = [{ httpUrl: 'https://blob/programs/p/run.mjs?life=26h', filePath: 'run.mjs' }];
    expect(task).toMatchObject({
      applicationPackageReferences: [{ applicationId: 'a', version: '1' }],
      multiInstanceSettings: {
        numberOfInstances: 4,
        coordinationCommandLine: '/bin/sh -c true',
        commonResourceFiles: files,
      },
      resourceFiles: files,
    });
    expect(task.environmentSettings).toContainEqual({ name: 'TOKEN', value: 'hush' });
    expect(task.environmentSettings).toContainEqual({ name: 'WINDROW_JOB', value: 'census' });
    const plain = await build({ index: 0, items: 0 });
    expect(plain).not.toHaveProperty('multiInstanceSettings');
    expect(plain).not.toHaveProperty('applicationPackageReferences');
  });

  it('names packages of the workspace to its command, on each node of several too', async () => {
    const packages = [{ applicationId: 'windrow_w_a_0', version: '1', variables: ['AZ_BATCH_APP_PACKAGE_a_1'] }];
    const template = { ...context.template, packages, instances: 2, coordinationCommandLine: 'prepare' };
    const task = await (await createTaskBuilder(links, { ...context, template }))({ index: 0, items: 0 });
    const head = `/bin/sh -c 'export AZ_BATCH_APP_PACKAGE_a_1="$AZ_BATCH_APP_PACKAGE_windrow_w_a_0_1" && exec "$@"' windrow`;
    expect(task).toMatchObject({
      commandLine: `${head} ${template.commandLine}`,
      applicationPackageReferences: [{ applicationId: 'windrow_w_a_0', version: '1' }],
      multiInstanceSettings: { coordinationCommandLine: `${head} prepare` },
    });
  });

  it('uploads its logs whatever happens, its outputs as asked, with a link that can only write', async () => {
    const task = await build({ index: 7, items: 0 });
    const url = 'https://blob/windrow-w?create+write';
    expect(task.outputFiles).toEqual([
      {
        filePattern: '../std*.txt',
        destination: { container: { containerUrl: url, path: 'jobs/u1/logs/00000007/2' } },
        uploadOptions: { uploadCondition: 'taskcompletion' },
      },
      {
        filePattern: 'out/**',
        destination: { container: { containerUrl: url, path: 'jobs/u1/outputs/7/out' } },
        uploadOptions: { uploadCondition: 'tasksuccess' },
      },
      {
        filePattern: 'core',
        destination: { container: { containerUrl: url, path: 'jobs/u1/outputs/7/core' } },
        uploadOptions: { uploadCondition: 'taskfailure' },
      },
    ]);
  });
});

describe('where outputs go', () => {
  it.each([
    ['out/**', false, 'p/out'],
    ['out/part-*/x?.csv', false, 'p/out'],
    ['**/*.csv', false, 'p'],
    ['out/part.json', false, 'p/out/part.json'],
    ['out/part.json', true, 'p/part.json'],
    ['out/**', true, 'p'],
  ])('%s (flatten %s) -> %s', (pattern, flatten, path) => {
    expect(outputPath('p', pattern, flatten)).toBe(path);
  });
});

describe('life of a link', () => {
  it('covers every try of the attempt and a day in the queue', () => {
    expect(linkLifeMs({ timeout: 'PT1H', retries: 2 })).toBe(27 * HOUR);
  });

  it('never exceeds what a user delegation key can sign', () => {
    expect(linkLifeMs({ timeout: 'P6D', retries: 3 })).toBeLessThan(7 * 24 * HOUR);
  });
});
