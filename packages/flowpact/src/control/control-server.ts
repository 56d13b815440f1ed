import { chmod, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { actions, outcomeStatuses, securityEventFromJson, stringifyEvent } from '@flowpact/event';
import type { Store } from '@flowpact/store';
import fastify from 'fastify';
import { z } from 'zod';
import type { ExchangeOffice } from '../exchange/exchange-office.ts';
import { FlowpactError } from '../flowpact-error.ts';
import type { ResponseOffice } from '../response/response-office.ts';
import { addQueryRoute } from './query-server.ts';
import { addResponseRoutes } from './response-routes.ts';

export interface ControlServerConfig {
  /** Of the unix socket; only its owner may use it. */
  readonly path: string;
  /** Octets of what a command may send. Default 32 MiB, an event with a great many flows. */
  readonly maxBodyBytes?: number;
}

export interface ControlServerDeps {
  /** Undefined while no exchange is configured. */
  office(): ExchangeOffice | undefined;
  /** Undefined where no tables are kept. */
  tables(): Pick<Store, 'query'> | undefined;
  /** Undefined while no response is configured. */
  response(): ResponseOffice | undefined;
}

/** Answers the commands of this host's operator over a unix socket, as JSON over HTTP. */
export interface ControlServer {
  /** @throws FlowpactError `FLOWPACT_DAEMON` where another daemon answers there already. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const referenceBody = z.strictObject({ reference: z.strictObject({ sender: z.string(), id: z.string() }) });
const answerBody = referenceBody.extend({
  answer: z.strictObject({ status: z.enum(outcomeStatuses), reason: z.string().optional() }),
});
const sendBody = z.strictObject({
  to: z.string().min(1),
  event: z.string(),
  language: z.string().min(1).optional(),
});
const endpointBody = z.strictObject({ address: z.string(), prefixLength: z.int().min(0).optional() });
const askBody = sendBody.omit({ language: true }).extend({
  asks: z
    .array(
      z.strictObject({
        action: z.enum(actions),
        scope: z.array(endpointBody).optional(),
        lifetimeSeconds: z.int().positive().optional(),
        octetsPerSecond: z.int().positive().optional(),
      }),
    )
    .min(1),
});
const withdrawBody = referenceBody.extend({ reason: z.string().optional() });

export function createControlServer(
  { path, maxBodyBytes = 32 << 20 }: ControlServerConfig,
  { office, response, ...deps }: ControlServerDeps,
): ControlServer {
  const server = fastify({ bodyLimit: maxBodyBytes, forceCloseConnections: true });
  const open = (): ExchangeOffice => {
    const found = office();
    if (found !== undefined) return found;
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'the daemon runs without an exchange: add `exchange` to its configuration',
    );
  };
  server.setErrorHandler((error, _request, reply) => {
    const { code, message } = error as Error & { code?: string };
    void reply.code(500).send({ code: code ?? 'FLOWPACT_DAEMON', message });
  });
  server.get('/alive', () => ({ alive: true }));
  server.get('/outbox', () => open().outbox());
  server.get('/inbox', () => open().inbox());
  server.get('/conversations', () => open().conversations());
  server.post('/message', async (request, reply) => {
    const message = await open().message(referenceBody.parse(request.body).reference);
    return message === undefined ? reply.code(404).send() : { message: stringifyEvent(message) };
  });
  server.post('/retry', async (request) => ({
    done: await open().retry(referenceBody.parse(request.body).reference),
  }));
  server.post('/drop', async (request) => ({
    done: await open().drop(referenceBody.parse(request.body).reference),
  }));
  server.post('/send', async (request) => {
    const { to, event, language } = sendBody.parse(request.body);
    return open().send(securityEventFromJson(event), to, language);
  });
  server.post('/ask', (request) => {
    const { to, event, asks } = askBody.parse(request.body);
    return open().ask(securityEventFromJson(event), asks, to);
  });
  server.post('/withdraw', async (request, reply) => {
    const { reference, reason } = withdrawBody.parse(request.body);
    return (await open().withdraw(reference, reason)) ?? reply.code(404).send();
  });
  server.post('/answer', async (request, reply) => {
    const { reference, answer } = answerBody.parse(request.body);
    return (await open().answer(reference, answer)) ?? reply.code(404).send();
  });
  addQueryRoute(server, deps);
  addResponseRoutes(server, response);
  let isOurs = false;
  return {
    async start() {
      if (await isAnswered(path)) {
        throw new FlowpactError('FLOWPACT_DAEMON', `another daemon runs here: it answers at ${path}`);
      }
      // What a killed daemon left behind.
      await rm(path, { force: true });
      try {
        await server.listen({ path });
        isOurs = true;
        await chmod(path, 0o600);
      } catch (cause) {
        throw new FlowpactError('FLOWPACT_FILE', `cannot open ${path}: ${(cause as Error).message}`, {
          cause,
        });
      }
    },
    async stop() {
      // Where another daemon answers there, it goes on to.
      if (!isOurs) return;
      isOurs = false;
      await server.close();
      await rm(path, { force: true });
    },
  };
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
