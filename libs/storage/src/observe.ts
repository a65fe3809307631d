import type { TableClient } from '@azure/data-tables';
import type { Pipeline } from '@azure/storage-blob';

/** One request to the account, for traces. */
export interface StorageRequestReport {
  service: 'blob' | 'table';
  /** The method, and which part of the resource it is about: `put.blocklist`. Never a name. */
  operation: string;
  method: string;
  /** Absent when no answer came. */
  status?: number;
  ms: number;
}

export type OnStorageRequest = (report: StorageRequestReport) => void;

/** `comp` of the Blob service's operations (Azure, "Blob service REST API"); others are not told apart. */
const PARTS = ['appendblock', 'batch', 'block', 'blocklist', 'list', 'metadata', 'page', 'properties', 'tags'];

/** Reports each call of a Blob client, its retries included. Factories are the way in that its pipeline offers. */
export function observeBlobs(pipeline: Pipeline, onRequest: OnStorageRequest): Pipeline {
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => reported('blob', request, onRequest, () => next.sendRequest(request)),
    }),
  });
  return pipeline;
}

/** Reports each attempt of a request of a Table client. */
export function observeTable({ pipeline }: TableClient, onRequest: OnStorageRequest): void {
  const sendRequest: Parameters<typeof pipeline.addPolicy>[0]['sendRequest'] = (request, next) =>
    reported('table', request, onRequest, () => next(request));
  pipeline.addPolicy({ name: 'windrowObserve', sendRequest }, { afterPhase: 'Retry' });
}

async function reported<T extends { status: number }>(
  service: StorageRequestReport['service'],
  { method, url }: { method: string; url: string },
  onRequest: OnStorageRequest,
  send: () => Promise<T>,
): Promise<T> {
  const started = Date.now();
  let status: number | undefined;
  try {
    const response = await send();
    status = response.status;
    return response;
  } catch (error) {
    status = (error as { statusCode?: number }).statusCode;
    throw error;
  } finally {
    const operation = operationOf(service, method, url);
    onRequest({ service, operation, method, ms: Date.now() - started, ...(status !== undefined && { status }) });
  }
}

function operationOf(service: string, method: string, text: string): string {
  const url = new URL(text);
  const part = url.searchParams.get('comp') ?? (url.pathname.endsWith('/$batch') ? 'batch' : undefined);
  const verb = method.toLowerCase();
  return part !== undefined && PARTS.includes(part) ? `${verb}.${part}` : verb;
}
