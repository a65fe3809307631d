import { translate } from './translate';

const restError = (facts: object) => Object.assign(new Error('text'), { name: 'RestError', ...facts });
const place = { container: 'box', blob: 'b' };

describe('translate', () => {
  it.each([
    [{ statusCode: 404, code: 'BlobNotFound' }, 'BlobNotFoundError'],
    [{ statusCode: 404, details: { errorCode: 'ContainerNotFound' } }, 'ContainerNotFoundError'],
    [{ statusCode: 409, code: 'BlobAlreadyExists' }, 'BlobExistsError'],
    [{ statusCode: 412, code: 'ConditionNotMet' }, 'BlobChangedError'],
    [{ statusCode: 409, code: 'BlockCountExceedsLimit' }, 'AppendBlobFullError'],
    [{ statusCode: 409, code: 'ContainerBeingDeleted' }, 'StorageUnavailableError'],
    [{ statusCode: 503, code: 'ServerBusy' }, 'StorageUnavailableError'],
    [{ statusCode: 429 }, 'StorageUnavailableError'],
    [{ code: 'ECONNREFUSED' }, 'StorageUnavailableError'],
    [{ statusCode: 403, code: 'AuthorizationFailure' }, 'StorageRefusedError'],
    [{ statusCode: 400 }, 'StorageRefusedError'],
    [{ name: 'CredentialUnavailableError' }, 'StorageRefusedError'],
  ])('reads %j as %s', (facts, name) => {
    expect(translate(restError(facts), place)).toMatchObject({ name });
  });

  it('passes on how long the service wants to rest', () => {
    const response = { headers: { get: (name: string) => (name === 'retry-after' ? '7' : undefined) } };
    expect(translate(restError({ statusCode: 503, response }), place)).toMatchObject({ retryAfterMs: 7000 });
  });

  it('leaves what is not a failure of the service alone', () => {
    for (const error of [new TypeError('bug'), Object.assign(new Error(), { name: 'AbortError' }), 'text']) {
      expect(translate(error, place)).toBe(error);
    }
  });

  it('keeps signatures out of messages', () => {
    const cause = restError({ code: 'ENOTFOUND', message: 'GET https://a.b/c?sv=1&sig=SECRET failed\nmore' });
    const message = String(translate(cause, place));
    expect(message).not.toContain('SECRET');
    expect(message).toContain('https://a.b/c?... failed');
    expect(message).not.toContain('more');
  });
});
