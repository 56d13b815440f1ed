import type { FastifyInstance } from 'fastify';
import type { ApiSource } from '../api-source.ts';
import { addGetRoute } from '../get-route.ts';
import { incidentOf } from '../incident.ts';
import {
  detectionPageSchema,
  detectionQuerySchema,
  detectionSummaryQuerySchema,
  detectionSummarySchema,
} from '../schema/detection-schema.ts';
import { incidentParamsSchema, incidentSchema } from '../schema/incident-schema.ts';

export function addDetectionRoutes(app: FastifyInstance, source: ApiSource): void {
  addGetRoute(app, {
    url: '/api/detections',
    tag: 'detections',
    summary: 'Rows that statements gave.',
    query: detectionQuerySchema,
    answer: detectionPageSchema,
    handle: ({ query }) => source.detections(query),
  });
  addGetRoute(app, {
    url: '/api/detections/summary',
    tag: 'detections',
    summary: 'Detections counted by statement and attacker; who scans; who tries passwords where.',
    query: detectionSummaryQuerySchema,
    answer: detectionSummarySchema,
    handle: ({ query }) => source.detectionSummary(query),
  });
  addGetRoute(app, {
    url: '/api/incidents/:attacker',
    tag: 'detections',
    summary: 'Everything about one attacker.',
    params: incidentParamsSchema,
    answer: incidentSchema,
    handle: ({ params }) => incidentOf(params.attacker, source),
  });
}
