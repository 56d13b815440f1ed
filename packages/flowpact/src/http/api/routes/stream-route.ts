import type { FastifyInstance } from 'fastify';
import type { LiveFeed } from '../live-feed.ts';

/** Adds the stream of server-sent events: one named `tick` a period, whose data is a Tick. */
export function addStreamRoute(app: FastifyInstance, feed: LiveFeed): void {
  app.get(
    '/api/stream',
    {
      schema: {
        tags: ['status'],
        summary:
          'Server-sent events named `tick`, one a period: the status, how many detections there were, and a sample of the latest (schema Tick).',
        response: { 200: { description: 'text/event-stream', type: 'string' } },
      },
    },
    (_request, reply) => {
      // Headers that hooks have set are still to be sent.
      const headers = reply.getHeaders() as Record<string, string>;
      const close = feed.open({
        write: (text) => reply.raw.write(text),
        end: () => reply.raw.end(),
        get waitingOctets() {
          return reply.raw.writableLength;
        },
      });
      reply.hijack();
      reply.raw.writeHead(200, {
        ...headers,
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      // Told to those that come again by themselves; and it shows that the stream is open.
      reply.raw.write('retry: 3000\n\n');
      reply.raw.on('close', close);
      reply.raw.on('error', close);
    },
  );
}
