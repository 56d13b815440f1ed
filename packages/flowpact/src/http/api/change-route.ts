import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { jsonSchema } from './json-schema.ts';
import type { Asker } from './signature.ts';

const nothing = z.strictObject({});

export interface ChangeRoute<Body extends z.ZodType, Params extends z.ZodType, Answer extends z.ZodType> {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly body: Body;
  readonly params?: Params;
  readonly answer: Answer;
  handle(
    request: { readonly body: z.output<Body>; readonly params: z.output<Params> },
    asker: Asker,
  ): Promise<z.output<Answer>>;
}

export interface ChangeRouteConfig {
  readonly mayChange: boolean;
  /** What else does it where this server may not. */
  readonly instead: string;
}

/** Adds a route that changes something, where that is allowed. */
export function addChangeRoute<
  Body extends z.ZodType,
  Answer extends z.ZodType,
  Params extends z.ZodType = typeof nothing,
>(
  app: FastifyInstance,
  { mayChange, instead }: ChangeRouteConfig,
  route: ChangeRoute<Body, Params, Answer>,
): void {
  const { method, url, tag, summary, body, params, answer, handle } = route;
  app.route<{ Body: unknown }>({
    ...{ method, url },
    schema: {
      tags: [tag],
      summary,
      ...(params === undefined ? {} : { params: jsonSchema(params, 'input') }),
      body: jsonSchema(body, 'input'),
      response: { 200: { description: 'OK', ...jsonSchema(answer) } },
    },
    // The validator would take away what it does not know, and make numbers of what is none: half an order is no order.
    preValidation: async (request) => {
      if (!mayChange) {
        throw new ApiError('API_FORBIDDEN', `this server only shows: it allows no changes; ${instead}`);
      }
      const { success, error, data } = body.safeParse(request.body);
      if (!success) throw new ApiError('API_BAD_REQUEST', issueText(error));
      request.body = data;
    },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const checked = { body: request.body, params: request.params };
      const { ip: from, person } = request;
      return await handle(checked as { body: z.output<Body>; params: z.output<Params> }, { from, person });
    },
  });
}

function issueText({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
