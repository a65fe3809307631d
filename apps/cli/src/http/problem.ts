import { ApiError, type FieldProblem } from '../errors';
import { ExitCode } from '../exit-codes';

/** RFC 9457 problem details, as far as they are there. */
interface Problem {
  title?: string;
  code?: string;
  detail?: string;
  errors?: FieldProblem[];
  batch?: { code: string; message: string };
}

const NEXT: Record<string, string> = {
  JobNotFound: '`windrow list` shows the jobs of this experiment; -w and -e name another workspace or experiment.',
  ClusterNotFound: '`windrow clusters list` shows the clusters of this workspace; -w names another.',
  WorkspaceNotFound:
    '`windrow workspaces list` shows those you may see; administrators make others (`windrow workspaces create NAME`).',
  RouteNotFound: 'This API does not offer that. Perhaps it is older than this command; or --url names something else.',
  JobNotFinished: '`windrow wait JOB` waits for its end.',
  JobExists: 'Take another --name, or look at the job with `windrow show NAME`.',
  JobNotActive: '`windrow show JOB` tells how it ended; `windrow redrive JOB` runs again what failed.',
  JobActive: '`windrow watch JOB` follows it to its end.',
  ClusterRefused: '`windrow clusters show NAME` lists the jobs that hold it.',
  FileNotFound: '`windrow files JOB TASK` lists the files that are there.',
  PreconditionFailed: 'Somebody changed it meanwhile. Look at it again, then repeat the change.',
};
const NEXT_BY_STATUS: Record<number, string> = {
  401: 'Give a key with --key-file or WINDROW_API_KEY, or store a key with `windrow configure`.',
  403: 'Ask an owner of the workspace for a higher role; `windrow whoami` shows yours.',
  413: 'Put long lists into a blob (input.kind manifest).',
  429: 'Wait a little, then run the command again.',
};

/** The error of an answer that is not 2xx. Reads its body. */
export async function apiError(response: Response, method: string, shown: string): Promise<ApiError> {
  const problem = await problemOf(response);
  const { status } = response;
  const code = problem?.code ?? `Http${status}`;
  const details = (problem?.errors ?? []).map(({ path, message }) => `${path}  ${message}`);
  if (problem?.batch) details.push(`Azure Batch: ${problem.batch.code}: ${problem.batch.message}`);
  const requestId = response.headers.get('x-request-id');
  if (status >= 500 && requestId) details.push(`request id: ${requestId}`);
  const next = NEXT[code] ?? NEXT_BY_STATUS[status] ?? (problem ? undefined : notOurs(status));
  return new ApiError(messageOf(problem, status), status, code, problem?.errors ?? [], {
    where: `${method} ${shown} (${status} ${code})`,
    details,
    exitCode: exitCodeOf(status),
    ...(next === undefined ? {} : { next }),
  });
}

/** With several fields at fault the details list them all, and a message that tells the first again says nothing. */
function messageOf(problem: Problem | undefined, status: number): string {
  const count = problem?.errors?.length ?? 0;
  if (count > 0) return `The request is not valid: ${count} ${count === 1 ? 'field is' : 'fields are'} wrong.`;
  return problem?.detail ?? problem?.title ?? `The answer was HTTP ${status}.`;
}

function notOurs(status: number): string {
  return status >= 500
    ? 'Try again in a while; if it stays so, tell the operator of the API.'
    : 'Check --url (or WINDROW_URL): this does not look like an answer of Windrow.';
}

async function problemOf(response: Response): Promise<Problem | undefined> {
  const text = await response.text().catch(() => '');
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404 || status === 410) return ExitCode.notFound;
  if (status === 409 || status === 412) return ExitCode.conflict;
  if (status === 401 || status === 403) return ExitCode.noAccess;
  if (status === 429 || status >= 500) return ExitCode.unavailable;
  return ExitCode.usage;
}
