import type { FastifyInstance } from 'fastify';
import type { ApiSource } from '../api-source.ts';
import { addGetRoute } from '../get-route.ts';
import {
  flowPageSchema,
  flowQuerySchema,
  timeLineQuerySchema,
  timeLineSchema,
  topQuerySchema,
  topSchema,
} from '../schema/flow-schema.ts';

export function addFlowRoutes(app: FastifyInstance, source: ApiSource): void {
  addGetRoute(app, {
    url: '/api/flows',
    tag: 'flows',
    summary: 'Flow records.',
    query: flowQuerySchema,
    answer: flowPageSchema,
    handle: ({ query }) => source.flows(query),
  });
  addGetRoute(app, {
    url: '/api/flows/top',
    tag: 'flows',
    summary: 'The groups of flows with the most octets, packets or flows.',
    query: topQuerySchema,
    answer: topSchema,
    handle: ({ query }) => source.topFlows(query),
  });
  addGetRoute(app, {
    url: '/api/flows/timeline',
    tag: 'flows',
    summary: 'Flows over time.',
    query: timeLineQuerySchema,
    answer: timeLineSchema,
    handle: ({ query }) => source.flowTimeLine(query),
  });
}
