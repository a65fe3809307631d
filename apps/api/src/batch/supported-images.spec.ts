import { SupportedImages, supportErrors } from './supported-images';

const JAMMY = { publisher: 'canonical', offer: 'jammy', sku: '22', nodeAgentSkuId: 'agent 22' };

describe('images that Batch supports', () => {
  it('are asked for once an hour, and kept while Batch does not answer', async () => {
    const list = jest.fn().mockResolvedValueOnce([JAMMY]).mockRejectedValue(new Error('down'));
    const sut = new SupportedImages(list);
    expect(await sut.get(0)).toEqual([JAMMY]);
    expect(await sut.get(3_599_999)).toEqual([JAMMY]);
    expect(list).toHaveBeenCalledTimes(1);
    expect(await sut.get(3_600_000)).toEqual([JAMMY]);
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('are unknown while Batch has never answered', async () => {
    expect(await new SupportedImages(() => Promise.reject(new Error('down'))).get()).toBeUndefined();
  });

  it.each([
    [{ ...JAMMY, publisher: 'Canonical' }, []],
    [{ ...JAMMY, sku: '99' }, [{ path: '$.image', code: 'UnknownImage' }]],
    [
      { ...JAMMY, nodeAgentSkuId: 'agent 20' },
      [{ path: '$.image.nodeAgentSkuId', code: 'UnknownNodeAgent', message: 'must be agent 22 for this image' }],
    ],
  ])('%j: %j', (image, expected) => {
    expect(supportErrors(image, '$.image', [JAMMY])).toMatchObject(expected);
    expect(supportErrors(image, '$.image', [])).toEqual([]);
  });
});
