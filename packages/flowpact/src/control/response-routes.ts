import { mitigationStates, responseModes } from '@flowpact/response';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { FlowpactError } from '../flowpact-error.ts';
import { mitigationJson } from '../response/mitigation-json.ts';
import type { ResponseOffice } from '../response/response-office.ts';

const by = { who: z.string().min(1).max(100), why: z.string().max(2_000).optional() };
const byBody = z.strictObject(by);
const idBody = z.strictObject({ id: z.string(), ...by });
const bodies = {
  list: z.strictObject({ states: z.array(z.enum(mitigationStates)).optional() }),
  show: z.strictObject({ id: z.string() }),
  approve: idBody.extend({ candidate: z.int().min(0).optional() }),
  extend: idBody.extend({ seconds: z.int().min(1) }),
  mode: z.strictObject({ mode: z.enum(responseModes), ...by }),
};

/** What commands ask about mitigations; the answers are JSON that events survive. */
export function addResponseRoutes(server: FastifyInstance, office: () => ResponseOffice | undefined): void {
  const open = (): ResponseOffice => {
    const found = office();
    if (found !== undefined) return found;
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'the daemon runs without a response: add `response` to its configuration',
    );
  };
  server.get('/response/mode', async () => ({ mode: await open().mode() }));
  server.get('/response/in-force', () => open().inForce());
  server.post('/response/list', async ({ body }) =>
    (await open().mitigations(bodies.list.parse(body).states)).map(mitigationJson),
  );
  server.post('/response/show', async ({ body }, reply) => {
    const found = await open().mitigation(bodies.show.parse(body).id);
    return found === undefined ? reply.code(404).send() : mitigationJson(found);
  });
  server.post('/response/approve', async ({ body }) => {
    const { id, who, ...options } = bodies.approve.parse(body);
    return mitigationJson(await open().approve(id, who, options));
  });
  server.post('/response/reject', async ({ body }) => {
    const { id, who, why } = idBody.parse(body);
    return mitigationJson(await open().reject(id, who, why));
  });
  server.post('/response/extend', async ({ body }) => {
    const { id, who, seconds, why } = bodies.extend.parse(body);
    return mitigationJson(await open().extend(id, who, seconds, why));
  });
  server.post('/response/withdraw', async ({ body }) => {
    const { id, who, why } = idBody.parse(body);
    return mitigationJson(await open().withdraw(id, who, why));
  });
  server.post('/response/stop-all', async ({ body }) => {
    const { who, why } = byBody.parse(body);
    return (await open().stopAll(who, why)).map(mitigationJson);
  });
  server.post('/response/mode', async ({ body }) => {
    const { mode, who, why } = bodies.mode.parse(body);
    await open().setMode(mode, who, why);
    return { mode: await open().mode() };
  });
}
