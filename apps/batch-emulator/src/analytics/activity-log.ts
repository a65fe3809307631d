import type { RequestContext } from '../http/context';
import type { JsonObject } from '../util/json';
import type { LineFile } from './line-file';
import { Ring } from './ring';

/** How many entries are kept for reading back. */
const KEPT = 10_000;

/** What was done through management, and only that, as the service's activity log has it: no reads, no Batch requests. */
export class ActivityLog {
  private readonly entries = new Ring<JsonObject>(KEPT);

  constructor(
    private readonly accountId: string,
    private readonly file: LineFile | undefined,
  ) {}

  note(request: RequestContext, operation: string, status: number): void {
    if (operation.endsWith('/read')) return;
    const succeeded = status < 400;
    const entry = {
      time: new Date().toISOString(),
      resourceId: resourceOf(request.rawPath, this.accountId),
      operationName: operation,
      category: 'Administrative',
      resultType: succeeded ? 'Success' : 'Failure',
      resultSignature: `${succeeded ? 'Succeeded' : 'Failed'}.${status}`,
      correlationId: request.requestId,
      properties: { statusCode: status, method: request.method },
    };
    this.entries.push(entry);
    this.file?.write(entry);
  }

  list(): JsonObject[] {
    return this.entries.since(0).map(({ value }) => value);
  }
}

/** The resource, without the name of the action behind it. */
function resourceOf(rawPath: string, fallback: string): string {
  const match = /^(\/subscriptions\/.*\/batchaccounts\/[^/]+(?:\/[^/]+\/[^/]+)*)/i.exec(rawPath);
  return match?.[1] ?? fallback;
}
