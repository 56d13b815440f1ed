import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { DaemonReport } from '../../src/daemon/daemon-report.ts';
import type { ApiConfig } from '../../src/http/api/api-config.ts';
import { createHttpServer, type HttpServer } from '../../src/http/http-server.ts';
import { createExampleSource } from './api/example-source.ts';

const report: DaemonReport = {
  startedMs: 1_767_225_600_000,
  residentOctets: 100_000_000,
  usage: { heapOctets: 30_000_000, externalOctets: 5_000_000 },
  collector: {
    listeners: [],
    exporters: [{ exporter: '192.0.2.1', messages: 5, octets: 500, dropped: 2 }],
    batchesUnderWay: 3,
    held: true,
  },
  detection: {
    modules: [
      {
        name: 'm',
        file: 'm.epl',
        flows: 7,
        withoutTime: 0,
        timeMs: 1000,
        errors: 0,
        statements: [
          {
            ...{ name: 'a"b\\', rows: 4, events: 1, omittedRows: 3, eventsIn: 9, errors: 0 },
            ...{ retained: 2, timeSpentMs: 1500, isStopped: false },
          },
        ],
      },
    ],
    sessions: 1,
    messages: 5,
    records: 9,
    lostRecords: 0,
    malformedMessages: 0,
    unknownTemplateSets: 0,
    droppedFindings: 6,
    droppedArchiveBatches: 8,
  },
  outputs: [
    {
      name: 'lines',
      to: 'tcp://h:1',
      state: 'down',
      lines: 8,
      written: 3,
      spooled: 2,
      dropped: 1,
      rejected: 2,
      failed: 4,
    },
  ],
};
let server: HttpServer | undefined;
afterEach(() => server?.stop());

const deps = { source: createExampleSource(), self: { name: 'isp-a.example' }, onError: () => undefined };

async function serve(answer: () => Promise<DaemonReport>, api: Partial<ApiConfig> = {}): Promise<string> {
  server = createHttpServer({ port: 0, api: { host: '127.0.0.1', ...api } }, { ...deps, report: answer });
  return server.start();
}

describe('the HTTP server', () => {
  it('gives the counters, what was dropped among them', async () => {
    const url = await serve(async () => report);
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const lines = (await response.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'flowpact_exporter_dropped_datagrams_total{exporter="192.0.2.1"} 2',
        'flowpact_collection_held 1',
        'flowpact_dropped_findings_total 6',
        'flowpact_dropped_archive_batches_total 8',
        'flowpact_output_lines_total{output="lines",to="tcp://h:1"} 8',
        'flowpact_output_written_total{output="lines",to="tcp://h:1"} 3',
        'flowpact_output_spooled{output="lines",to="tcp://h:1"} 2',
        'flowpact_output_dropped_total{output="lines",to="tcp://h:1"} 1',
        'flowpact_output_rejected_total{output="lines",to="tcp://h:1"} 2',
        'flowpact_output_failures_total{output="lines",to="tcp://h:1"} 4',
        'flowpact_output_up{output="lines",to="tcp://h:1"} 0',
        'flowpact_statement_rows_total{module="m",statement="a\\"b\\\\"} 4',
        'flowpact_statement_seconds_total{module="m",statement="a\\"b\\\\"} 1.5',
      ]),
    );
  });

  it('says that it is well, or what does not answer', async () => {
    let isWell = true;
    const url = await serve(async () => {
      if (isWell) return report;
      throw new Error('the detection thread did not answer "report" within 5000 ms');
    });
    const well = await fetch(`${url}/healthz`);
    expect([well.status, await well.json()]).toEqual([200, { status: 'ok', upSeconds: expect.any(Number) }]);
    isWell = false;
    const unwell = await fetch(`${url}/healthz`);
    expect(unwell.status).toBe(503);
    expect(await unwell.json()).toMatchObject({
      status: 'failing',
      reason: expect.stringContaining('detection'),
    });
    expect((await fetch(`${url}/metrics`)).status).toBe(503);
  });

  it('serves the API, and no page where there is none', async () => {
    const url = await serve(async () => report);
    expect(await (await fetch(`${url}/api/status`)).json()).toMatchObject({ mayChange: false });
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/healthz`, { method: 'POST' })).status).toBe(404);
  });

  it('tells counters to those alone who have the token, and health to all without its reasons', async () => {
    let isWell = true;
    const url = await serve(
      async () => {
        if (isWell) return report;
        throw new Error('secret');
      },
      { token: 'right' },
    );
    const ask = async (path: string, token: string) =>
      (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
    for (const path of ['/metrics', '/api/status']) {
      expect([await ask(path, 'wrong'), await ask(path, 'right')], path).toEqual([401, 200]);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    isWell = false;
    const unwell = await fetch(`${url}/healthz`);
    expect([unwell.status, await unwell.json()]).toEqual([503, { status: 'failing' }]);
  });

  it('does not tell counters to a page of the web that has pointed its name here', async () => {
    const url = new URL(await serve(async () => report));
    const [response] = (await once(
      get({ host: url.hostname, port: url.port, path: '/metrics', headers: { host: 'evil.example' } }),
      'response',
    )) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  it('says where it cannot listen', async () => {
    const url = await serve(async () => report);
    const second = createHttpServer(
      { port: Number(url.split(':').at(-1)), api: { host: '127.0.0.1' } },
      { ...deps, report: async () => report },
    );
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await expect(second.start()).rejects.toThrow(/cannot listen on http:\/\/127/);
    // Nothing of it keeps the process alive.
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
