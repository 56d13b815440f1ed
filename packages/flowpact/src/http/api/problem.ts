import type { FastifyError } from 'fastify';
import { ApiError } from './api-error.ts';

/** What went wrong with a request, in the form of RFC 9457, with the code of the error beside. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code?: string;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

export const problemMediaType = 'application/problem+json';

export function problem(status: number, detail: string, code?: string): Problem {
  const title = titles[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, ...(code === undefined ? {} : { code }) };
}

/** What is wrong with the request is told; what is wrong with us stays in the log. */
export function problemOf(error: FastifyError): Problem {
  if (error instanceof ApiError) return problem(error.statusCode, error.message, error.code);
  const status = error.statusCode ?? 500;
  if (status >= 500) return problem(500, 'the server could not answer; its log says why');
  return problem(status, error.message, error.code);
}
