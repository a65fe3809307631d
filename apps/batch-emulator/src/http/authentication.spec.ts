import { WELL_KNOWN_KEY } from '../constants';
import { BatchError } from '../errors';
import { authenticate } from './authentication';
import { createContext } from './context';

const DATE = 'Thu, 11 Apr 2024 00:50:10 GMT';
const NOW = Date.parse(DATE) + 60_000;
const JSON_TYPE = 'application/json; odata=minimalmetadata';

function check(method: string, target: string, headers: Record<string, string>, account = 'devBatch', now = NOW): void {
  authenticate(
    createContext('id', method, target, headers, 'host'),
    { account, keys: ['b3RoZXI=', WELL_KNOWN_KEY], modes: ['SharedKey'], acceptBearer: false },
    now,
  );
}

const refusal = (work: () => void): [number, string] => {
  try {
    work();
  } catch (error) {
    if (error instanceof BatchError) return [error.status, error.code];
    throw error;
  }
  throw new Error('It was accepted.');
};

/** Signatures computed with Python's hmac from strings written out by hand. */
describe('Shared Key', () => {
  const post = { 'ocp-date': DATE, 'content-length': '289', 'content-type': JSON_TYPE };

  it('query names are signed in lower case', () => {
    check('POST', '/pools?api-version=2025-06-01&timeOut=30', {
      ...post,
      authorization: 'SharedKey devBatch:OsJGrDqKapvKZunBDCCvl2PIx7dEpSBgGQihKkzBkRo=',
    });
  });

  it('but the Python client signs timeOut as it writes it', () => {
    check('POST', '/pools?api-version=2025-06-01&timeOut=30', {
      ...post,
      authorization: 'SharedKey devBatch:2BdkyNmN/9exDflcm++yI3lmEcv5R+MscJcOgo255FY=',
    });
  });

  it('the path is signed as sent, ocp headers in order, and the account in lower case by the Java client', () => {
    check('GET', '/jobs/j/tasks/t/files/wd%2Fa%20b.txt?api-version=2024-07-01.20.0', {
      'ocp-range': 'bytes=0-9',
      'ocp-date': DATE,
      authorization: 'SharedKey devBatch:Xt+7pvO7OKmc2eKxFFkCoBfXFklIUcPubF3B22RKynY=',
    });
  });

  it('query values are signed decoded, and without ocp-date the Date header counts', () => {
    check('GET', "/jobs?maxresults=5&$filter=startswith(id%2C'a%20b')&api-version=2024-02-01.19.0", {
      date: DATE,
      authorization: 'SharedKey devBatch:Hx3zXdO3RE7fB909OaHbR2k4Hty3k4RXdBKB6tvKcyU=',
    });
  });

  it.each([
    ['another path', '/jobs?api-version=2025-06-01&timeOut=30', {}],
    ['another length', '/pools?api-version=2025-06-01&timeOut=30', { 'content-length': '290' }],
    ['another query', '/pools?api-version=2025-06-01&timeOut=31', {}],
  ])('refuses a signature for %s', (_what, target, change) => {
    const headers = {
      ...post,
      ...change,
      authorization: 'SharedKey devBatch:OsJGrDqKapvKZunBDCCvl2PIx7dEpSBgGQihKkzBkRo=',
    };
    expect(refusal(() => check('POST', target, headers))).toEqual([403, 'AuthenticationFailed']);
  });

  it('refuses dates more than 15 minutes away, other accounts, and headers it cannot read', () => {
    const target = '/pools?api-version=2025-06-01&timeOut=30';
    const signed = { ...post, authorization: 'SharedKey devBatch:OsJGrDqKapvKZunBDCCvl2PIx7dEpSBgGQihKkzBkRo=' };
    expect(refusal(() => check('POST', target, signed, 'devBatch', NOW + 15 * 60_000))).toEqual([
      403,
      'AuthenticationFailed',
    ]);
    expect(refusal(() => check('POST', target, signed, 'other'))).toEqual([403, 'AuthenticationFailed']);
    expect(refusal(() => check('POST', target, { ...post, authorization: 'Basic eDp5' }))[0]).toBe(400);
    expect(refusal(() => check('POST', target, post))).toEqual([401, 'AuthenticationFailed']);
  });
});
