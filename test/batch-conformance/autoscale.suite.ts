import { addTasks, createJob, createPool, poolReady, taskInState } from './fixtures';
import { Rest } from './rest';
import { uniqueId, type Target } from './target';

export function describeAutoScale(target: () => Target): void {
  describe('automatic scaling', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    const NO_TARGETS = { targetDedicatedNodes: undefined };
    const scaling = (formula: string): Promise<string> =>
      createPool(rest, { ...NO_TARGETS, enableAutoScale: true, autoScaleFormula: formula });

    it('the option of the formula says what becomes of tasks on nodes that leave', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      await poolReady(rest, poolId, 1);
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 't', 'running');
      const autoScaleFormula = '$TargetDedicatedNodes = 0; $NodeDeallocationOption = terminate;';
      expect((await rest.post(`/pools/${poolId}/enableautoscale`, { autoScaleFormula })).status).toBe(200);
      await poolReady(rest, poolId, 0);
      const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
      expect([task.state, task.executionInfo.failureInfo?.code]).toEqual(['completed', 'TaskEnded']);
    });

    it('a pool is created with the size that its formula says', async () => {
      const poolId = await scaling('$TargetDedicatedNodes = 1;');
      await poolReady(rest, poolId, 1);
      const { json } = await rest.get(`/pools/${poolId}`);
      expect(json).toMatchObject({
        enableAutoScale: true,
        autoScaleFormula: '$TargetDedicatedNodes = 1;',
        autoScaleEvaluationInterval: 'PT15M',
        targetDedicatedNodes: 1,
        autoScaleRun: {
          timestamp: expect.stringMatching(/Z$/),
          results: '$TargetDedicatedNodes=1;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
        },
      });
      expect(json.autoScaleRun).not.toHaveProperty('error');
    });

    it.each([
      [
        'both targets and a formula',
        { autoScaleFormula: '$a=1', targetDedicatedNodes: 1 },
        'InvalidAutoScalingSettings',
      ],
      ['no formula', {}, 'MissingRequiredProperty'],
      [
        'a formula without enableAutoScale',
        { enableAutoScale: false, autoScaleFormula: '$a=1' },
        'InvalidAutoScalingSettings',
      ],
      ['a formula that is none', { autoScaleFormula: '$a = = 1' }, 'AutoScalingFormulaSyntaxError'],
      ['a formula of more than 8 KB', { autoScaleFormula: `$a=1;//${'x'.repeat(8192)}` }, 'AutoScalingFormulaTooLong'],
      [
        'an interval below 5 minutes',
        { autoScaleFormula: '$a=1', autoScaleEvaluationInterval: 'PT4M' },
        'InvalidPropertyValue',
      ],
      [
        'an interval above 168 hours',
        { autoScaleFormula: '$a=1', autoScaleEvaluationInterval: 'PT169H' },
        'InvalidPropertyValue',
      ],
    ])('a pool cannot be created with %s', async (_what, fields, code) => {
      const body = { id: uniqueId('pool'), vmSize: 'Standard_D2_v3', enableAutoScale: true, ...fields };
      const answer = await rest.post('/pools', body);
      expect([answer.status, answer.json.code]).toEqual([400, code]);
    });

    it('a syntax error names its place', async () => {
      const body = {
        id: uniqueId('pool'),
        vmSize: 'Standard_D2_v3',
        enableAutoScale: true,
        autoScaleFormula: '$a = = 1',
      };
      const { json } = await rest.post('/pools', body);
      expect(json.values).toEqual([{ key: 'Message', value: 'Line 1, Col 6: Unexpected =' }]);
    });

    it('enable takes effect at once, evaluate shows without applying, disable keeps size and ETag', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      await poolReady(rest, poolId, 0);
      const before = (await rest.get(`/pools/${poolId}`)).json.eTag;
      const enabled = await rest.post(`/pools/${poolId}/enableautoscale`, {
        autoScaleFormula: '$TargetDedicatedNodes=1',
        autoScaleEvaluationInterval: 'PT6M',
      });
      expect(enabled.status).toBe(200);
      expect(enabled.headers['etag']).not.toBe(before);
      expect(enabled.headers['dataserviceid']).toBe(`${rest.target.url}/pools/${poolId}/enableautoscale`);

      const evaluated = await rest.post(`/pools/${poolId}/evaluateautoscale`, {
        autoScaleFormula: '$TargetDedicatedNodes=3',
      });
      expect(evaluated.status).toBe(200);
      expect(evaluated.headers['etag']).toBeUndefined();
      expect(evaluated.headers['dataserviceid']).toBe(`${rest.target.url}/pools/${poolId}/evaluateautoscale`);
      expect(evaluated.json).toEqual({
        'odata.metadata': `${rest.target.url}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun`,
        timestamp: expect.stringMatching(/Z$/),
        results: '$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
      });
      await poolReady(rest, poolId, 1);

      const disabled = await rest.post(`/pools/${poolId}/disableautoscale`);
      expect([disabled.status, disabled.headers['etag']]).toEqual([200, enabled.headers['etag']]);
      const { json } = await rest.get(`/pools/${poolId}`);
      expect(json).toMatchObject({ enableAutoScale: false, targetDedicatedNodes: 1 });
      expect(json).not.toHaveProperty('autoScaleFormula');
      expect(json).not.toHaveProperty('autoScaleRun');
    });

    it('a formula that cannot be evaluated is reported in a 200, with what is in force', async () => {
      const poolId = await scaling('$TargetDedicatedNodes=1');
      const { status, json } = await rest.post(`/pools/${poolId}/evaluateautoscale`, {
        autoScaleFormula: '$something_useless',
      });
      expect(status).toBe(200);
      expect(json).toMatchObject({
        results: '$TargetDedicatedNodes=1;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
        error: {
          code: 'AutoScalingFormulaEvaluationError',
          message: 'The specified auto-scaling formula has evaluation error',
          values: [{ name: 'Message', value: 'Line 1, Col 1: Undefined symbol: $something_useless' }],
        },
      });
    });

    it('tasks that wait for others do not count as active', async () => {
      const poolId = await scaling('$TargetDedicatedNodes=0');
      const jobId = await createJob(rest, poolId, { usesTaskDependencies: true });
      await addTasks(rest, jobId, [
        { id: 'first', commandLine: 'true' },
        { id: 'second', commandLine: 'true', dependsOn: { taskIds: ['first'] } },
      ]);
      const autoScaleFormula = '$seen = $ActiveTasks; $pending = $PendingTasks;';
      const { json } = await rest.post(`/pools/${poolId}/evaluateautoscale`, { autoScaleFormula });
      expect(json.results).toContain(';$seen=1;$pending=1');
    });

    it('the last run of a pool whose formula fails says so, and the size stays', async () => {
      const poolId = await scaling('$TargetDedicatedNodes = nosuch(1);');
      const { json } = await rest.get(`/pools/${poolId}`);
      expect(json.targetDedicatedNodes).toBe(0);
      expect(json.autoScaleRun.error.values[0].value).toBe('Line 1, Col 25: Undefined function: nosuch');
    });

    it('is enabled at most every 30 seconds', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      await poolReady(rest, poolId, 0);
      const settings = { autoScaleFormula: '$TargetDedicatedNodes=0' };
      expect((await rest.post(`/pools/${poolId}/enableautoscale`, settings)).status).toBe(200);
      const again = await rest.post(`/pools/${poolId}/enableautoscale`, { autoScaleEvaluationInterval: 'PT7M' });
      expect([again.status, again.json.code]).toEqual([503, 'TooManyEnableAutoScaleRequests']);
    });

    it('cannot be enabled during a resize, nor without a formula', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      const early = await rest.post(`/pools/${poolId}/enableautoscale`, { autoScaleFormula: '$a=1' });
      expect([early.status, early.json.code]).toEqual([409, 'PoolBeingResized']);
      await poolReady(rest, poolId, 1);
      const none = await rest.post(`/pools/${poolId}/enableautoscale`, { autoScaleEvaluationInterval: 'PT7M' });
      expect([none.status, none.json.code]).toEqual([400, 'MissingRequiredProperty']);
    });

    it.each(['disableautoscale', 'evaluateautoscale'])('%s needs a pool that scales by itself', async (action) => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      const body = action === 'evaluateautoscale' ? { autoScaleFormula: '$a=1' } : undefined;
      const answer = await rest.post(`/pools/${poolId}/${action}`, body);
      expect([answer.status, answer.json.code]).toEqual([409, 'OperationNotValidOnPool']);
    });

    it('a pool that scales by itself cannot be resized', async () => {
      const poolId = await scaling('$TargetDedicatedNodes=0');
      await poolReady(rest, poolId, 0);
      const answer = await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 1 });
      expect([answer.status, answer.json.code]).toEqual([409, 'OperationNotValidOnPool']);
    });
  });
}
