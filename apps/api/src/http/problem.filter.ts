import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from 'pino';
import type { HttpRequest, HttpResponse } from './exchange';
import type { MethodTable } from './method-table';
import { type ProblemAnswer, toProblem } from './problem-mapping';

/** Answers every error, of whatever origin, as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly methods: MethodTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    const response = host.switchToHttp().getResponse<HttpResponse>();
    const answer = this.withMethods(request, toProblem(error));
    const requestId = request.context?.requestId;
    if (request.context) request.context.problem = answer.problem.code;
    if (answer.unexpected) this.logger.error({ err: error }, 'unexpected error');
    else if (answer.problem.status >= 500) this.logger.warn({ err: error }, 'not available');
    // A stream had begun: the status is sent, so the only honest sign left is a broken connection.
    if (response.headersSent) return void response.destroy();
    const instance = request.originalUrl.split('?')[0] ?? '';
    const body = { ...answer.problem, instance, ...(requestId !== undefined && { requestId }) };
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    response.statusCode = answer.problem.status;
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    response.end(JSON.stringify(body));
  }

  /**
   * A path that exists for other verbs is no unknown path; nor is an action, whose colon other verbs take for part of a
   * wrong name.
   */
  private withMethods(request: HttpRequest, answer: ProblemAnswer): ProblemAnswer {
    if (answer.problem.status !== 404 && answer.problem.status !== 400) return answer;
    const allowed = this.methods.of(request.originalUrl);
    if (allowed.length === 0 || allowed.includes(request.method ?? '')) return answer;
    const Allow = allowed.join(', ');
    const detail = `${request.method} is not possible here; possible: ${Allow}.`;
    const code = 'MethodNotAllowed';
    const { errors: _errors, ...rest } = answer.problem;
    const problem = {
      ...rest,
      type: `urn:windrow:problem:${code}`,
      title: 'Method Not Allowed',
      code,
      detail,
    };
    return { ...answer, problem: { ...problem, status: 405 }, headers: { Allow } };
  }
}
