import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { jsonSchema } from './json-schema.ts';
import type { Asker } from './signature.ts';

const nothing = z.strictObject({});

export interface GetRoute<Query extends z.ZodObject, Params extends z.ZodType, Answer extends z.ZodType> {
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly query?: Query;
  readonly params?: Params;
  readonly answer: Answer;
  handle(
    request: { readonly query: z.output<Query>; readonly params: z.output<Params> },
    asker: Asker,
  ): z.output<Answer> | Promise<z.output<Answer>>;
}

/** Adds a route that reads: its request is checked, and the document says what it asks and answers. */
export function addGetRoute<
  Answer extends z.ZodType,
  Query extends z.ZodObject = typeof nothing,
  Params extends z.ZodType = typeof nothing,
>(app: FastifyInstance, route: GetRoute<Query, Params, Answer>): void {
  const { url, tag, summary, query = nothing, params, answer, handle } = route;
  app.get(
    url,
    {
      schema: {
        tags: [tag],
        summary,
        querystring: jsonSchema(query, 'input'),
        ...(params === undefined ? {} : { params: jsonSchema(params, 'input') }),
        response: { 200: { description: 'OK', ...jsonSchema(answer) } },
      },
      // What the validator does not know it takes away: a misspelt filter would pass everything.
      preValidation: async (request) => {
        const unknown = Object.keys(request.query as object).find((name) => !(name in query.shape));
        if (unknown === undefined) return;
        const known = Object.keys(query.shape).join(', ') || 'none';
        throw new ApiError('API_BAD_REQUEST', `there is no parameter ${unknown}; there are: ${known}`);
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      // Checked against these very schemas, which also filled in what was left out.
      const checked = { query: request.query, params: request.params };
      const { ip: from, person } = request;
      return await handle(checked as { query: z.output<Query>; params: z.output<Params> }, { from, person });
    },
  );
}
