import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiConfig } from '../../../src/http/api/api-config.ts';
import { addApi } from '../../../src/http/api/api-plugin.ts';
import { detectionPageSchema } from '../../../src/http/api/schema/detection-schema.ts';
import { incidentSchema } from '../../../src/http/api/schema/incident-schema.ts';
import { ask, portOf } from './ask.ts';
import { attacker, createExampleSource, startMs } from './example-source.ts';

const opened: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()));
});

async function exampleApi(config: Partial<ApiConfig> = {}, source = createExampleSource()) {
  const app = fastify({ forceCloseConnections: true });
  opened.push(app);
  const ticks: (() => void)[] = [];
  const errors: Error[] = [];
  await addApi(
    app,
    { host: '127.0.0.1', ...config },
    {
      source,
      self: { name: 'isp-a.example' },
      now: () => 1_000_000,
      every(_ms, tick) {
        ticks.push(tick);
        return () => void ticks.splice(ticks.indexOf(tick), 1);
      },
      onError: (error) => errors.push(error),
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, source, ticks, errors };
}

describe('the API', () => {
  it('answers with what the source has, and fills in what the query leaves out', async () => {
    const { app, source } = await exampleApi();
    const answer = await ask(app, '/api/detections?kind=scan&fromMs=5');
    expect(answer.status).toBe(200);
    expect(detectionPageSchema.parse(answer.json()).items).toHaveLength(2);
    expect(source.queries).toEqual([
      { kind: 'scan', fromMs: 5, limit: 100, sort: 'time', order: 'descending' },
    ]);
    expect((await ask(app, '/api/status')).json()).toMatchObject({ version: '1', mayChange: false });
    for (const path of [
      'exporters',
      'traffic',
      'detections/summary',
      'events',
      'partners',
      'conversations',
    ]) {
      expect((await ask(app, `/api/${path}`)).status, path).toBe(200);
    }
    for (const path of ['outbox', 'modules', 'flows', 'flows/top', 'flows/timeline', 'formats']) {
      expect((await ask(app, `/api/${path}`)).status, path).toBe(200);
    }
  });

  it.each([
    ['/api/detections?limit=0', 400],
    ['/api/detections?limit=1001', 400],
    ['/api/detections?limit=ten', 400],
    ['/api/detections?kind=rain', 400],
    ['/api/detections?colour=red', 400],
    ['/api/flows/top?order=colour', 400],
    ['/api/nothing', 404],
    ['/nothing', 404],
    ['/api/events/e2', 404],
    ['/api/modules/other/source', 404],
    ['/api/incidents/192.0.2.1', 404],
    ['/api/events/e1/export?format=smoke', 400],
  ])('refuses %s with a problem document (%i)', async (url, status) => {
    const { app, errors } = await exampleApi();
    const answer = await ask(app, url);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ type: 'about:blank', status });
    expect(answer.json().detail).not.toBe('');
    expect(errors).toEqual([]);
  });

  it('tells nobody outside what went wrong inside', async () => {
    const source = createExampleSource();
    source.status = () => {
      throw new Error('the secret is 4711');
    };
    const { app, errors } = await exampleApi({}, source);
    const answer = await ask(app, '/api/status');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('4711');
    expect(errors.map(({ message }) => message)).toEqual(['the secret is 4711']);
  });

  it('lets a page of the web do nothing', async () => {
    const { app } = await exampleApi();
    const answer = await ask(app, '/api/status', { headers: { origin: 'https://attacker.example' } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const rebound = await ask(app, '/api/status', { headers: { host: 'attacker.example:8080' } });
    expect(rebound.status).toBe(403);
    const allowed = await exampleApi({ hostNames: ['flowpact.example'] });
    const named = await ask(allowed.app, '/api/status', {
      headers: { host: 'flowpact.example:8080' },
    });
    expect(named.status).toBe(200);
  });

  it('demands the token where there is one, and answers nobody off loopback without one', async () => {
    const { app } = await exampleApi({ host: '192.0.2.1', token: 'right' });
    const withToken = (authorization?: string) =>
      ask(app, '/api/status', { headers: authorization === undefined ? {} : { authorization } });
    expect((await withToken()).status).toBe(401);
    expect((await withToken()).headers['www-authenticate']).toBe('Bearer');
    expect((await withToken('Bearer wrong')).status).toBe(401);
    expect((await withToken('Basic right')).status).toBe(401);
    expect((await withToken('Bearer right')).status).toBe(200);
    const open = await exampleApi({ host: '0.0.0.0' });
    expect((await ask(open.app, '/api/status')).status).toBe(401);
  });

  it('limits what one address may ask', async () => {
    const { app } = await exampleApi({ limits: { burst: 2, requestsPerSecond: 0.5 } });
    expect((await ask(app, '/api/status')).status).toBe(200);
    expect((await ask(app, '/api/status')).status).toBe(200);
    const refused = await ask(app, '/api/status');
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('2');
    expect((await ask(app, '/api/status', { localAddress: '127.0.0.2' })).status).toBe(200);
  });

  it('changes nothing unless it is allowed to', async () => {
    const url = '/api/modules/example';
    const change = { method: 'PUT', body: { isEnabled: false } };
    const refusing = await exampleApi();
    expect((await ask(refusing.app, url, change)).status).toBe(403);
    expect(refusing.source.queries).toEqual([]);
    const { app, source } = await exampleApi({ mayChange: true });
    expect((await ask(app, url, change)).status).toBe(204);
    expect(source.queries).toEqual([{ module: 'example', isEnabled: false }]);
    expect((await ask(app, '/api/modules/other', change)).status).toBe(404);
    expect((await ask(app, url, { method: 'PUT', body: {} })).status).toBe(400);
    expect((await ask(app, '/api/modules')).json().maySwitch).toBe(true);
    expect((await ask(refusing.app, '/api/modules')).json().maySwitch).toBe(false);
    delete source.setModuleEnabled;
    expect((await ask(app, '/api/modules')).json().maySwitch).toBe(false);
  });

  it('checks modules without putting them to work', async () => {
    const { app } = await exampleApi();
    const check = async (text: string) =>
      (await ask(app, '/api/modules/check', { method: 'POST', body: { source: text } })).json();
    expect(await check('create map schema A(x int); select x from A;')).toEqual({
      isUsable: true,
      findings: [],
    });
    expect(await check('create map schema A(x int);\nselect y from A;')).toMatchObject({
      isUsable: false,
      findings: [{ severity: 'error', line: 2, column: 8 }],
    });
    const annotated = `create map schema A(x int);\n@SecurityEvent(type='rain') select x from A;`;
    expect(await check(annotated)).toMatchObject({ findings: [{ code: 'FLOWPACT_ANNOTATION', line: 2 }] });
  });

  it('tells an event with everything, and exports it in any format that can say it', async () => {
    const { app } = await exampleApi();
    const { event } = (await ask(app, '/api/events/e1')).json();
    expect(event.flows.groups[0].rows[0]).toEqual([
      { $octets: 'cb007107' },
      27,
      { $integer: String(2n ** 60n) },
    ]);
    const { items } = (await ask(app, '/api/formats')).json();
    expect(items.map((item: { format: string }) => item.format)).toContain('iodef2');
    for (const { format, mediaType, fileExtension } of items) {
      const answer = await ask(app, `/api/events/e1/export?format=${format}`);
      expect([200, 422], `${format}: ${answer.text}`).toContain(answer.status);
      if (answer.status !== 200) continue;
      expect(answer.headers['content-type']).toContain(mediaType.split(';')[0]);
      expect(answer.headers['content-disposition']).toContain(fileExtension);
      expect(answer.bytes.length).toBeGreaterThan(100);
    }
  });

  it('puts together what is known of an attacker', async () => {
    const { app } = await exampleApi();
    const answer = await ask(app, `/api/incidents/${attacker}`);
    const incident = incidentSchema.parse(answer.json());
    expect(incident).toMatchObject({ attacker, firstMs: startMs, lastMs: startMs + 60_000, isCut: false });
    expect(incident.stages.map(({ statement, text }) => [statement, text])).toEqual([
      ['PortScan', ''],
      ['BruteForce', 'select *'],
    ]);
    expect(incident.targets).toEqual([
      { target: '198.51.100.9', rows: 2, statements: ['PortScan', 'BruteForce'], urls: ['/login'] },
      { target: '198.51.100.10', rows: 0, statements: [], urls: [] },
    ]);
    expect(incident.evidence).toEqual({
      columns: ['sourceIPv4Address', 'tcpControlBits', 'octetDeltaCount'],
      rows: [[attacker, '.AP.SF', String(2n ** 60n)]],
      total: 1,
    });
  });

  it('describes itself', async () => {
    const { app } = await exampleApi();
    const document = (await ask(app, '/api/openapi.json')).json();
    expect(document.openapi).toBe('3.0.3');
    expect(Object.keys(document.paths)).toContain('/api/incidents/{attacker}');
    expect(document.components.schemas.Tick.properties.missedTicks).toBeDefined();
  });

  it('streams what happens, and ends its streams when it stops', async () => {
    const { app, ticks } = await exampleApi();
    const response = await fetch(`http://127.0.0.1:${portOf(app)}/api/stream`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';
    expect(text).toBe('retry: 3000\n\n');
    ticks[0]();
    text = (await reader.read()).value ?? '';
    expect(text).toMatch(/^event: tick\ndata: \{.*\}\n\n$/);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ detections: 0, missedTicks: 0 });
    await app.close();
    expect((await reader.read()).done).toBe(true);
    expect(ticks).toEqual([]);
  });
});
