import { ResponseError } from '@flowpact/response';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiConfig } from '../../../src/http/api/api-config.ts';
import { addApi } from '../../../src/http/api/api-plugin.ts';
import {
  candidatesSchema,
  mitigationDetailSchema,
  mitigationPageSchema,
} from '../../../src/http/api/schema/mitigation-schema.ts';
import {
  auditPageSchema,
  auditVerificationSchema,
  inForceSchema,
  responseSchema,
  stoppedSchema,
} from '../../../src/http/api/schema/response-schema.ts';
import { tickSchema } from '../../../src/http/api/schema/tick-schema.ts';
import { type AskOptions, ask, portOf } from './ask.ts';
import {
  createExampleMitigations,
  type ExampleMitigations,
  exampleMitigation,
} from './example-mitigations.ts';
import { attacker, createExampleSource } from './example-source.ts';

const opened: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()));
});

async function exampleApi(
  mayChange = true,
  mitigations: ExampleMitigations = createExampleMitigations(),
  config: Partial<ApiConfig> = {},
) {
  const app = fastify({ forceCloseConnections: true });
  opened.push(app);
  let tick = () => {};
  const errors: Error[] = [];
  await addApi(
    app,
    { host: '127.0.0.1', mayChange, ...config },
    {
      source: createExampleSource(),
      mitigations,
      self: { name: 'isp-a.example' },
      now: () => 1_000_000,
      every(_ms, work) {
        tick = work;
        return () => undefined;
      },
      onError: (error) => errors.push(error),
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const post = (path: string, body: unknown, options: AskOptions = {}) =>
    ask(app, path, { method: 'POST', body, ...options });
  return { app, mitigations, post, errors, tick: () => tick() };
}

const over = '(told over the API from 127.0.0.1)';

describe('the API of the response', () => {
  it('tells mitigations, the latest first, by state, phase and attacker, in pages', async () => {
    const kept = ['confirmed', 'proposed', 'expired', 'failed', 'withdrawing'] as const;
    const mitigations = createExampleMitigations(
      kept.map((state, i) => exampleMitigation(String(i + 1), state)),
    );
    const { app } = await exampleApi(true, mitigations);
    const list = async (query: string) => {
      const page = mitigationPageSchema.parse((await ask(app, `/api/mitigations${query}`)).json());
      return [...page.items.map(({ id }) => id), ...(page.next === undefined ? [] : [`next ${page.next}`])];
    };
    expect(await list('')).toEqual(['5', '4', '3', '2', '1']);
    expect(await list('?phase=active')).toEqual(['5', '1']);
    expect(await list('?phase=ended')).toEqual(['4', '3']);
    expect(await list('?state=proposed')).toEqual(['2']);
    expect(await list(`?attacker=${attacker}&limit=2`)).toEqual(['5', '4', 'next 4']);
    expect(await list('?limit=2&cursor=4')).toEqual(['3', '2', 'next 2']);
    expect(await list('?attacker=192.0.2.1')).toEqual([]);
    for (const query of ['?state=gone', '?cursor=x', '?phase=', '?who=anna']) {
      expect((await ask(app, `/api/mitigations${query}`)).status, query).toBe(400);
    }
  });

  it('tells one with its candidates, what they would have hit, and its steps', async () => {
    const { app } = await exampleApi();
    const detail = mitigationDetailSchema.parse((await ask(app, '/api/mitigations/1')).json());
    expect(detail).toMatchObject({
      ...{ state: 'confirmed', phase: 'active', chosen: 1, candidateCount: 3, origin: { kind: 'event' } },
      candidate: { rule: `drop from ${attacker}/32`, emitter: 'edge' },
      event: { type: 'bruteForce', sources: [attacker], statement: 'BruteForce', targetCount: 2 },
    });
    expect(detail.candidates.map(({ refusal }) => refusal !== undefined)).toEqual([false, false, true]);
    expect(detail.turns.map(({ who, state }) => [who, state])).toEqual([
      ['flowpact', 'proposed'],
      ['anna', 'confirmed'],
    ]);
    expect((await ask(app, '/api/mitigations/9')).status).toBe(404);
    expect((await ask(app, '/api/mitigations/../x')).status).toBe(404);
  });

  it('tries rules on an event without doing anything, two at a time', async () => {
    const mitigations = createExampleMitigations();
    const candidates = await mitigations.dryRun({ type: 'other' });
    const ends: (() => void)[] = [];
    mitigations.dryRun = () => new Promise((resolve) => ends.push(() => resolve(candidates)));
    const { app } = await exampleApi(false, mitigations);
    const url = '/api/events/e1/candidates';
    const running = [ask(app, url), ask(app, url)];
    await expect.poll(() => ends.length).toBe(2);
    expect((await ask(app, url)).status).toBe(429);
    for (const end of ends) end();
    for (const answer of await Promise.all(running)) {
      expect(candidatesSchema.parse(answer.json()).items).toHaveLength(3);
    }
    expect((await ask(app, '/api/events/e2/candidates')).status).toBe(404);
    expect(mitigations.told).toEqual([]);
  });

  it('does what it is told by a name, and says in the log that the API told it', async () => {
    const { post, mitigations, app } = await exampleApi();
    const approved = await post('/api/mitigations/2/approve', { who: ' anna ', why: 'sure', candidate: 0 });
    expect(mitigationDetailSchema.parse(approved.json())).toMatchObject({ state: 'confirmed', chosen: 0 });
    expect((await post('/api/mitigations/2/extend', { who: 'bert', seconds: 60 })).status).toBe(200);
    expect((await post('/api/mitigations/2/withdraw', { who: 'bert' })).json().state).toBe('withdrawn');
    const stopped = await post('/api/response/stop-all', { who: 'bert' });
    expect(stoppedSchema.parse(stopped.json()).items.map(({ id }) => id)).toEqual(['1']);
    const changed = await ask(app, '/api/response/mode', {
      method: 'PUT',
      body: { who: 'bert', mode: 'dry-run' },
    });
    expect(responseSchema.parse(changed.json())).toMatchObject({
      mode: 'dry-run',
      waiting: 0,
      active: 0,
      ended: 2,
    });
    expect(mitigations.told).toEqual([
      { approve: '2', who: 'anna', candidate: 0, why: `sure ${over}` },
      { extend: '2', who: 'bert', seconds: 60, why: over },
      { withdraw: '2', who: 'bert', why: over },
      { stopAll: true, who: 'bert', why: over },
      { mode: 'dry-run', who: 'bert', why: over },
    ]);
    const other = await exampleApi();
    expect((await other.post('/api/mitigations/2/reject', { who: 'anna' })).json().state).toBe('rejected');
  });

  it.each([
    ['approve', {}],
    ['approve', { who: '' }],
    ['approve', { who: 'a'.repeat(65) }],
    ['approve', { who: 'anna\nflowpact' }],
    ['approve', { who: '<b>anna' }],
    ['approve', { who: 'anna', candidat: 0 }],
    ['approve', { who: 'anna', candidate: null }],
    ['approve', { who: 'anna', candidate: '0' }],
    ['approve', { who: 'anna', candidate: -1 }],
    ['approve', [{ who: 'anna' }]],
    ['approve', undefined],
    ['extend', { who: 'anna' }],
    ['extend', { who: 'anna', seconds: true }],
    ['extend', { who: 'anna', seconds: 1.5 }],
    ['extend', { who: 'anna', seconds: 0 }],
  ])('refuses half an order: %s %j', async (verb, body) => {
    const { post, mitigations } = await exampleApi();
    const answer = await post(`/api/mitigations/2/${verb}`, body);
    expect(answer.status).toBe(400);
    expect(answer.json().detail).not.toBe('');
    expect(mitigations.told).toEqual([]);
  });

  it('tells what the response refuses, with its code', async () => {
    const { post, app, mitigations, errors } = await exampleApi();
    const who = 'anna';
    const answers = [
      await post('/api/mitigations/1/approve', { who }),
      await post('/api/mitigations/7/approve', { who }),
      await post('/api/mitigations/1/extend', { who, seconds: 90_000 }),
      await ask(app, '/api/response/mode', { method: 'PUT', body: { who, mode: 'auto' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 404, 422, 422]);
    expect(answers.map((answer) => answer.json().code)).toEqual([
      'RESPONSE_WRONG_STATE',
      'RESPONSE_UNKNOWN_MITIGATION',
      ...['RESPONSE_REFUSED', 'RESPONSE_REFUSED'],
    ]);
    mitigations.withdraw = () =>
      Promise.reject(new ResponseError('RESPONSE_EMITTER_FAILED', 'edge is silent'));
    expect((await post('/api/mitigations/1/withdraw', { who })).json()).toMatchObject({
      ...{ status: 502, detail: 'edge is silent' },
    });
    mitigations.verifyAudit = () =>
      Promise.reject(new ResponseError('RESPONSE_LOG_FAILED', 'at /var/lib/secret'));
    expect((await ask(app, '/api/audit/verification')).text).not.toContain('secret');
    expect(errors.map(({ message }) => message)).toEqual(['at /var/lib/secret']);
  });

  it('takes changes with the tokens of people alone where they have some, each in their name', async () => {
    const mitigations = { ...createExampleMitigations(), approvals: 2 as const };
    const tokens = { host: '192.0.2.1', token: 'everybodys' };
    const people = ['anna', 'ben'].map((name) => ({ name, token: `${name}s-own` }));
    const { app, post } = await exampleApi(true, mitigations, { ...tokens, people });
    const by = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const you = async (token: string) => (await ask(app, '/api/response', by(token))).json().you;
    expect([await you('everybodys'), await you('annas-own'), await you('bens-own')]).toEqual([
      undefined,
      'anna',
      'ben',
    ]);
    const bodies = { approve: {}, reject: {}, extend: { seconds: 60 }, withdraw: {} };
    for (const [verb, body] of Object.entries(bodies)) {
      const said = { ...body, who: 'anna' };
      const path = `/api/mitigations/2/${verb}`;
      for (const [token, status] of [
        ['nobodys', 401],
        ['everybodys', 403],
        ['bens-own', 403],
      ] as const) {
        expect((await post(path, said, by(token))).status, `${verb} with ${token}`).toBe(status);
      }
    }
    expect((await post('/api/response/stop-all', {}, by('everybodys'))).status).toBe(403);
    expect(mitigations.told).toEqual([]);

    await post('/api/mitigations/2/approve', { why: 'sure' }, by('annas-own'));
    await post('/api/mitigations/2/withdraw', { who: 'ben' }, by('bens-own'));
    const { approvals, turns } = mitigationDetailSchema.parse(
      (await ask(app, '/api/mitigations/2', by('everybodys'))).json(),
    );
    expect(approvals).toMatchObject([{ who: 'anna' }]);
    expect(turns.slice(-2)).toMatchObject([
      { who: 'anna', why: 'sure (told over the API from 127.0.0.1, with their token)' },
      { who: 'ben', why: '(told over the API from 127.0.0.1, with their token)' },
    ]);
  });

  it('takes no yes of two people that it could not tell apart', async () => {
    const mitigations = { ...createExampleMitigations(), approvals: 2 as const };
    const { post } = await exampleApi(true, mitigations);
    const answer = await post('/api/mitigations/2/approve', { who: 'anna' });
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('http.people') });
    expect((await post('/api/mitigations/2/reject', { who: 'anna' })).status).toBe(200);
  });

  it('changes nothing where it may not, and says what does', async () => {
    const { post, app, mitigations } = await exampleApi(false);
    const verbs = ['approve', 'reject', 'extend', 'withdraw'];
    const answers = [
      ...(await Promise.all(
        verbs.map((verb) => post(`/api/mitigations/2/${verb}`, { who: 'anna', seconds: 9 })),
      )),
      await post('/api/response/stop-all', { who: 'anna' }),
      await ask(app, '/api/response/mode', { method: 'PUT', body: { who: 'anna', mode: 'off' } }),
    ];
    for (const [i, answer] of answers.entries()) {
      expect(answer.status).toBe(403);
      expect(answer.json().detail).toContain(`flowpact mitigate ${[...verbs, 'stop-all', 'mode'][i]}`);
    }
    expect(mitigations.told).toEqual([]);
  });

  it.each([
    [{ origin: 'https://attacker.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://127.0.0.1:1' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://flowpact.example' }, 403],
    [{ 'content-type': 'text/plain' }, 400],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
  ])('lets no other site’s page change anything: %j', async (headers, status) => {
    const { post, mitigations } = await exampleApi();
    expect((await post('/api/mitigations/2/approve', { who: 'anna' }, { headers })).status).toBe(status);
    expect(mitigations.told).toHaveLength(status === 200 ? 1 : 0);
  });

  it('takes changes from its own page where the browser says only the origin', async () => {
    const { post, app } = await exampleApi();
    const headers = { origin: `http://127.0.0.1:${portOf(app)}` };
    expect((await post('/api/mitigations/2/reject', { who: 'anna' }, { headers })).status).toBe(200);
  });

  it('says what each emitter has in force, and whose it is', async () => {
    const { app } = await exampleApi();
    const { items } = inForceSchema.parse((await ask(app, '/api/response/in-force')).json());
    expect(items[0].rules.map(({ rule, mitigation }) => [rule, mitigation])).toEqual([
      [`drop from ${attacker}/32`, '1'],
      ['drop from 192.0.2.66/32', undefined],
    ]);
    expect(items[1]).toMatchObject({ emitter: 'host', failure: 'nft is not there' });
  });

  it('tells the audit log in pages, and whether it holds', async () => {
    const { app } = await exampleApi();
    const first = auditPageSchema.parse((await ask(app, '/api/audit?limit=200')).json());
    expect([first.items[0].number, first.next]).toEqual([250, '51']);
    const rest = auditPageSchema.parse((await ask(app, `/api/audit?limit=200&before=${first.next}`)).json());
    expect([rest.items[0].number, rest.items.length, rest.next]).toEqual([50, 50, undefined]);
    const verification = auditVerificationSchema.parse((await ask(app, '/api/audit/verification')).json());
    expect(verification).toMatchObject({ holds: true, entries: 250 });
  });

  it('tells the mode and what changed with every tick, each mitigation once', async () => {
    const { app, mitigations, tick } = await exampleApi();
    expect((await ask(app, '/api/status')).json().response).toEqual({
      ...{ mode: 'approve', waiting: 1, active: 1, changes: 0 },
    });
    const response = await fetch(`http://127.0.0.1:${portOf(app)}/api/stream`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    mitigations.put(exampleMitigation('3', 'proposed'));
    mitigations.put(exampleMitigation('2', 'applying'));
    mitigations.put(exampleMitigation('2', 'applied'));
    tick();
    const text = (await reader.read()).value ?? '';
    const told = tickSchema.parse(JSON.parse(text.slice(text.indexOf('{'))));
    expect(told.status.response).toEqual({ mode: 'approve', waiting: 1, active: 2, changes: 3 });
    expect(told.mitigations.map(({ id, state }) => [id, state])).toEqual([
      ['2', 'applied'],
      ['3', 'proposed'],
    ]);
    await reader.cancel();
  });

  it('is not there where no response is configured', async () => {
    const app = fastify({ forceCloseConnections: true });
    opened.push(app);
    const source = createExampleSource();
    await addApi(
      app,
      { host: '127.0.0.1' },
      { source, self: { name: 'x' }, now: () => 0, every: () => () => {} },
    );
    await app.listen({ host: '127.0.0.1', port: 0 });
    expect((await ask(app, '/api/status')).json().response).toBeUndefined();
    expect((await ask(app, '/api/mitigations')).status).toBe(404);
  });
});
