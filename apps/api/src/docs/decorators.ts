import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { type AnswerHeader, headersOf } from './headers';

const PROBLEMS = {
  400: 'The request is not valid; `errors` names each field.',
  401: 'The request does not say who makes it, or not believably.',
  403: 'The caller may see it, but not do this.',
  404: 'There is no such resource, or none that the caller may see.',
  409: 'The present state forbids it.',
  410: 'It was there, and has been given up for good.',
  412: 'The resource is not the version that `If-Match` names.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body is not JSON.',
  416: 'The range lies outside the file.',
  422: 'The body names things that are not there or do not fit together.',
  429: 'Too many requests; try again after `Retry-After`.',
  431: 'The address and the headers have more than 16 KiB together.',
  500: 'Unexpected; the log has the details under its `requestId`.',
  501: 'The deployment lacks a setting for it, which is named.',
  502: 'Azure Batch refused a request.',
  503: 'Something this service needs does not answer; try again after `Retry-After`.',
  504: 'It took too long.',
} as const;
type ProblemStatus = keyof typeof PROBLEMS;
const PROBLEM_HEADERS: Partial<Record<ProblemStatus, AnswerHeader[]>> = {
  401: ['WWW-Authenticate'],
  416: ['Content-Range'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

export interface RouteDocs {
  summary: string;
  description?: string;
  /** Successful answers by status. */
  answers: Record<number, Type<unknown> | string>;
  problems?: ProblemStatus[];
  /** 200 and 201 carry an `ETag`. */
  tagged?: boolean;
  body?: Type<unknown>;
  /** False: the body may be left out. */
  bodyRequired?: boolean;
  examples?: Record<string, unknown>;
}

/** One decorator documents a route: its words, its body with examples, every status it answers. */
export function Route({
  summary,
  description,
  answers,
  problems = [],
  tagged = false,
  body,
  bodyRequired = true,
  examples,
}: RouteDocs): MethodDecorator {
  const bodyProblems: ProblemStatus[] = body ? [400, 413, 415] : [400];
  return applyDecorators(
    ApiOperation({ summary, ...(description ? { description } : {}) }),
    ...Object.entries(answers).map(([status, answer]) => success(Number(status), answer, tagged)),
    ...[...new Set<ProblemStatus>([...bodyProblems, 401, 403, ...problems, 429, 431, 500, 503])].map(problem),
    ...(body ? [ApiBody({ type: body, required: bodyRequired, examples: namedExamples(examples ?? {}) })] : []),
  );
}

function success(status: number, answer: Type<unknown> | string, tagged: boolean): MethodDecorator {
  const names: AnswerHeader[] = tagged && (status === 200 || status === 201) ? ['ETag'] : [];
  const headers = headersOf(status === 201 ? [...names, 'Location'] : names);
  if (typeof answer !== 'string') return ApiResponse({ status, description: answer.name, type: answer, ...headers });
  return ApiResponse({ status, description: answer, ...headers });
}

function problem(status: ProblemStatus): MethodDecorator {
  return ApiResponse({ status, ...problemAnswer(status) });
}

/** How an answer that is a problem stands in the description. */
export function problemAnswer(status: ProblemStatus) {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return { description: PROBLEMS[status], content, ...headersOf(PROBLEM_HEADERS[status] ?? []) };
}

/** A file's bytes. */
export function FileAnswer(status: number, description: string): MethodDecorator {
  const schema = { type: 'string', format: 'binary' };
  return ApiResponse({
    status,
    description,
    content: { 'text/plain': { schema }, 'application/octet-stream': { schema } },
  });
}

function namedExamples(examples: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { summary: name, value }]));
}
