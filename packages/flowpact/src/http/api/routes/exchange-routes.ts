import type { FastifyInstance } from 'fastify';
import type { ApiSource } from '../api-source.ts';
import { addGetRoute } from '../get-route.ts';
import {
  conversationPageSchema,
  conversationQuerySchema,
  outboxSchema,
  partnersSchema,
} from '../schema/exchange-schema.ts';

export function addExchangeRoutes(app: FastifyInstance, source: ApiSource): void {
  addGetRoute(app, {
    url: '/api/partners',
    tag: 'exchange',
    summary: 'Other networks, and how talking to them goes.',
    answer: partnersSchema,
    handle: async () => ({ items: await source.partners() }),
  });
  addGetRoute(app, {
    url: '/api/conversations',
    tag: 'exchange',
    summary: 'What was said to partners, and what they said.',
    query: conversationQuerySchema,
    answer: conversationPageSchema,
    handle: ({ query }) => source.conversations(query),
  });
  addGetRoute(app, {
    url: '/api/outbox',
    tag: 'exchange',
    summary: 'Messages that are to be sent, and those that were given up.',
    answer: outboxSchema,
    handle: () => source.outbox(),
  });
}
