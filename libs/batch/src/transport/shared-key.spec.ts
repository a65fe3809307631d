import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { sharedKeyPolicy, stringToSign } from './shared-key';

const answer = (request: PipelineRequest): Promise<PipelineResponse> =>
  Promise.resolve({ request, status: 200, headers: createHttpHeaders() });

describe('shared key', () => {
  it('signs what the service said it signed', () => {
    // Repeated by the real service in a recorded 403 (azure-sdk-for-js, batch-rest recordings).
    const headers = createHttpHeaders({
      'Content-Length': '2263',
      'Content-Type': 'application/json; odata=minimalmetadata',
      'ocp-date': 'Thu, 11 Apr 2024 00:50:10 GMT',
      Accept: 'application/json',
      'client-request-id': 'not signed',
    });
    const url = new URL('https://endpoint/certificates?api-version=2024-02-01.19.0');
    expect(stringToSign('batch_account', 'POST', url, headers)).toBe(
      'POST\n\n\n2263\n\napplication/json; odata=minimalmetadata\n\n\n\n\n\n\nocp-date:Thu, 11 Apr 2024 00:50:10 GMT\n/batch_account/certificates\napi-version:2024-02-01.19.0',
    );
  });

  it('matches a signature made with openssl: path as sent, query decoded, ocp headers sorted', async () => {
    // printf 'GET\n...' | openssl dgst -sha256 -hmac 'key for tests' -binary | base64
    const sut = sharedKeyPolicy('devbatchaccount1', 'a2V5IGZvciB0ZXN0cw==', () => Date.UTC(2024, 0, 1));
    const request = createPipelineRequest({
      url: 'http://localhost/jobs/j%201/tasks/t/files/wd%2Fa%2Bb.txt?api-version=2025-06-01&$filter=state%20eq%20%27completed%27',
      headers: createHttpHeaders({ 'ocp-range': 'bytes=0-9' }),
    });
    await sut.sendRequest(request, answer);
    expect(request.headers.get('ocp-date')).toBe('Mon, 01 Jan 2024 00:00:00 GMT');
    expect(request.headers.get('Authorization')).toBe(
      'SharedKey devbatchaccount1:avWXxzjMBN+9PW+CNouqQ1tpBOz54TGSCltaAT13/Os=',
    );
  });
});
