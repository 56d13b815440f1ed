import type { FastifyInstance } from 'fastify';
import type { ApiSource } from '../api-source.ts';
import { addGetRoute } from '../get-route.ts';
import type { ResponseFeed } from '../response-feed.ts';
import { exportersSchema } from '../schema/exporter-schema.ts';
import { statusSchema } from '../schema/status-schema.ts';
import { trafficQuerySchema, trafficSchema } from '../schema/traffic-schema.ts';

export function addStatusRoutes(
  app: FastifyInstance,
  source: ApiSource,
  mayChange: boolean,
  response: ResponseFeed | undefined,
): void {
  addGetRoute(app, {
    url: '/api/status',
    tag: 'status',
    summary: 'How the whole fares.',
    answer: statusSchema,
    handle: async () => ({
      ...(await source.status()),
      mayChange,
      ...(response === undefined ? {} : { response: response.status() }),
    }),
  });
  addGetRoute(app, {
    url: '/api/exporters',
    tag: 'status',
    summary: 'Where the flows come from, and what was wrong with them.',
    answer: exportersSchema,
    handle: async () => ({ items: await source.exporters() }),
  });
  addGetRoute(app, {
    url: '/api/traffic',
    tag: 'status',
    summary: 'Flows and detections over time.',
    query: trafficQuerySchema,
    answer: trafficSchema,
    handle: ({ query }) => source.traffic(query),
  });
}
