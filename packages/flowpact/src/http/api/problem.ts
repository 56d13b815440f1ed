import { ResponseError, type ResponseErrorCode } from '@flowpact/response';
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
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

export const problemMediaType = 'application/problem+json';

export function problem(status: number, detail: string, code?: string): Problem {
  const title = titles[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, ...(code === undefined ? {} : { code }) };
}

/** What the response refuses, and what its emitters do; the rest of its errors are ours. */
const statusOfResponse: Readonly<Partial<Record<ResponseErrorCode, number>>> = {
  RESPONSE_UNKNOWN_MITIGATION: 404,
  RESPONSE_WRONG_STATE: 409,
  RESPONSE_REFUSED: 422,
  RESPONSE_BAD_RULE: 422,
  RESPONSE_EMITTER_FAILED: 502,
  RESPONSE_FULL: 503,
  RESPONSE_NOT_RUNNING: 503,
};

/** What is wrong with the request is told; what is wrong with us stays in the log. */
export function problemOf(error: FastifyError): Problem {
  if (error instanceof ApiError) return problem(error.statusCode, error.message, error.code);
  if (error instanceof ResponseError) {
    const told = statusOfResponse[error.code];
    if (told !== undefined) return problem(told, error.message, error.code);
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return problem(500, 'the server could not answer; its log says why');
  return problem(status, error.message, error.code);
}
