import { stringifyEvent } from '@flowpact/event';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { ApiSource } from '../api-source.ts';
import { type ExportDeps, exportEvent, exportFormats } from '../export-event.ts';
import { addGetRoute } from '../get-route.ts';
import { jsonSchema } from '../json-schema.ts';
import {
  eventDetailSchema,
  eventPageSchema,
  eventParamsSchema,
  eventQuerySchema,
  exportQuerySchema,
  formatListSchema,
} from '../schema/event-schema.ts';

export function addEventRoutes(app: FastifyInstance, source: ApiSource, exporting: ExportDeps): void {
  const eventOf = async (id: string) => {
    const found = await source.event(id);
    if (found !== undefined) return found;
    throw new ApiError('API_NOT_FOUND', `there is no event ${id}: it may have been too old to keep`);
  };
  addGetRoute(app, {
    url: '/api/events',
    tag: 'events',
    summary: 'Security events, without their flows.',
    query: eventQuerySchema,
    answer: eventPageSchema,
    handle: ({ query }) => source.events(query),
  });
  addGetRoute(app, {
    url: '/api/events/:id',
    tag: 'events',
    summary: 'A security event with everything.',
    params: eventParamsSchema,
    answer: eventDetailSchema,
    async handle({ params }) {
      const { summary, event } = await eventOf(params.id);
      return { summary, event: JSON.parse(stringifyEvent(event)) };
    },
  });
  addGetRoute(app, {
    url: '/api/formats',
    tag: 'events',
    summary: 'What events can be exported as.',
    answer: formatListSchema,
    handle: () => ({ items: exportFormats }),
  });
  app.get<{ Params: { id: string }; Querystring: { format: string } }>(
    '/api/events/:id/export',
    {
      schema: {
        tags: ['events'],
        summary:
          'A security event as an alert in one of the formats; the header `flowpact-losses` says how much was lost.',
        params: jsonSchema(eventParamsSchema, 'input'),
        querystring: jsonSchema(exportQuerySchema, 'input'),
        response: { 200: { description: 'The document, in its own media type.', type: 'string' } },
      },
    },
    async (request, reply) => {
      const { event } = await eventOf(request.params.id);
      const { bytes, mediaType, fileName, losses } = exportEvent(event, request.query.format, exporting);
      reply.header('cache-control', 'no-store').header('flowpact-losses', String(losses));
      reply.header('content-disposition', `attachment; filename="${fileName}"`);
      return reply.type(mediaType).send(bytes);
    },
  );
}
