import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import type { Party } from '@flowpact/event';
import type { FastifyInstance } from 'fastify';
import { version } from '../../version.ts';
import { checkAccess } from './access.ts';
import { type ApiConfig, defaultApiLimits } from './api-config.ts';
import { ApiError } from './api-error.ts';
import type { ApiSource } from './api-source.ts';
import { jsonSchema } from './json-schema.ts';
import { createLiveFeed } from './live-feed.ts';
import type { MitigationSource } from './mitigation-source.ts';
import { problem, problemMediaType, problemOf } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { createResponseFeed } from './response-feed.ts';
import { addDetectionRoutes } from './routes/detection-routes.ts';
import { addEventRoutes } from './routes/event-routes.ts';
import { addExchangeRoutes } from './routes/exchange-routes.ts';
import { addFlowRoutes } from './routes/flow-routes.ts';
import { addMitigationRoutes } from './routes/mitigation-routes.ts';
import { addModuleRoutes } from './routes/module-routes.ts';
import { addResponseRoutes } from './routes/response-routes.ts';
import { addStatusRoutes } from './routes/status-routes.ts';
import { addStreamRoute } from './routes/stream-route.ts';
import { checkSameOrigin } from './same-origin.ts';
import { tickSchema } from './schema/tick-schema.ts';
import { securityHeaders } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose own token it came with. */
    person: string | undefined;
  }
}

export interface ApiDeps {
  readonly source: ApiSource;
  /** Left out where no response is configured. */
  readonly mitigations?: MitigationSource;
  /** Who the exported messages are from. */
  readonly self: Party;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once a period, until what it returns is called. */
  every(ms: number, tick: () => void): () => void;
  /** What went wrong inside. */
  onError?(error: Error): void;
}

/**
 * Adds the API under `/api`, its description at `/api/openapi.json`, and the page at `/`. Everything but the page
 * itself, which has nothing in it, is for those with access only.
 */
export async function addApi(app: FastifyInstance, config: ApiConfig, deps: ApiDeps): Promise<void> {
  const { people = [], mayChange = false, pageFolder } = config;
  const limits = { ...defaultApiLimits, ...config.limits };
  const { source, mitigations } = deps;
  const rateLimit = createRateLimit(
    { burst: limits.burst, perSecond: limits.requestsPerSecond, maxClients: limits.maxAddresses },
    deps,
  );
  const response = mitigations && createResponseFeed(mitigations, limits);
  const feed = createLiveFeed({ ...limits, mayChange }, { source, ...(response && { response }) });
  let stopTicking = () => {};

  await app.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => {
      const told = problemOf(error as Parameters<typeof problemOf>[0]);
      if (told.status === 500) deps.onError?.(error as Error);
      if (told.status === 401) reply.header('www-authenticate', 'Bearer');
      return reply.code(told.status).type(problemMediaType).send(told);
    });
    scope.setNotFoundHandler((request, reply) => {
      const detail = `there is no ${request.method} ${request.url.split('?')[0]}`;
      return reply
        .code(404)
        .type(problemMediaType)
        .send(problem(404, detail, 'API_NOT_FOUND'));
    });
    scope.setSerializerCompiler(() => (data) => JSON.stringify(data));
    scope.decorateRequest('person');
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(securityHeaders);
      const waitMs = rateLimit.take(request.ip);
      if (waitMs > 0) {
        reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
        throw new ApiError('API_TOO_MANY', `too many requests: wait ${waitMs} ms`);
      }
      if (request.url.startsWith('/api/')) {
        const { host: addressedTo, authorization } = request.headers;
        request.person = checkAccess(config, { host: addressedTo, authorization });
        const { origin, 'sec-fetch-site': fetchSite } = request.headers;
        checkSameOrigin({
          method: request.method,
          host: addressedTo,
          origin,
          fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
        });
      }
    });
    await scope.register(fastifySwagger, {
      openapi: {
        openapi: '3.0.3',
        info: {
          title: 'Flowpact',
          version,
          description: 'What was collected, detected and exchanged. Times are milliseconds since 1970.',
        },
        components: {
          securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
          schemas: { Tick: jsonSchema(tickSchema) },
        },
        security: [{ token: [] }],
      },
    });
    addStatusRoutes(scope, source, mayChange, response);
    addStreamRoute(scope, feed);
    addDetectionRoutes(scope, source);
    addEventRoutes(scope, source, deps);
    addFlowRoutes(scope, source);
    addExchangeRoutes(scope, source);
    addModuleRoutes(scope, source, mayChange);
    if (mitigations !== undefined && response !== undefined) {
      const signing = { hasPeople: people.length > 0 };
      addMitigationRoutes(scope, source, mitigations, { mayChange, ...signing });
      addResponseRoutes(scope, mitigations, response, { mayChange, ...signing });
    }
    scope.get('/api/openapi.json', { schema: { hide: true } }, async () => scope.swagger());
    if (pageFolder !== undefined) {
      await scope.register(fastifyStatic, {
        root: pageFolder,
        cacheControl: false,
        setHeaders(reply, path) {
          // Names of built files change with what is in them; the page itself keeps its name.
          const cache = /[/\\]assets[/\\]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
          reply.setHeader('cache-control', cache);
        },
      });
    }
    scope.addHook('onReady', async () => {
      stopTicking = deps.every(limits.tickMs, () => {
        feed.tick().catch((error: Error) => deps.onError?.(error));
      });
    });
    scope.addHook('preClose', async () => {
      stopTicking();
      feed.stop();
    });
  });
}
