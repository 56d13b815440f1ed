import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { type RunningDaemon, startDaemon } from './running-daemon.ts';

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');
const truthFile = join(folder, 'truth.json');
const token = 'a-token-of-more-than-sixteen';
let flows: number;
let attacker: string;

beforeAll(async () => {
  await runCli('flowpact', ['generate', '-o', traffic, '--seed', '7', '--truth', truthFile]);
  flows = (await runCli('flowpact', ['collect', '-r', traffic])).stdout.split('\n').filter(Boolean).length;
  const { attacks } = (await import(truthFile, { with: { type: 'json' } })).default;
  [attacker] = attacks[0].attackers;
});

function configure(name: string, more: string): { directory: string; yaml: string } {
  const directory = join(folder, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'token'), `${token}\n`, { mode: 0o600 });
  return {
    directory,
    yaml: `
collectors:
  - listen: tcp://127.0.0.1:0
modules:
  - file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'
${more}`,
  };
}

const replay = (daemon: RunningDaemon) =>
  runCli('flowpact', ['replay', '-i', traffic, '-t', 'TCP', '-p', String(daemon.ports.tcp), '-n', '1']);

// biome-ignore lint/suspicious/noExplicitAny: what is looked for in an answer is said where it is expected
type Answer = any;

/** Asks the API; what is refused is the status. */
const asker =
  (daemon: RunningDaemon) =>
  async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${daemon.ports.http}/api/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    if (!response.ok) return response.status;
    return response.status === 204 ? undefined : response.json();
  };

describe('flowpact run serves its API', { timeout: 180_000 }, () => {
  it('with all that it has seen, also after kill -9, and switches modules', async () => {
    const { directory, yaml } = configure(
      'stored',
      'http: { listen: 127.0.0.1:0, tokenFile: token, allowChanges: true, requestsPerSecond: 10000, burst: 10000 }\nstore: { flushAfterMs: 1000, extraColumns: [HTTPRequestURL] }',
    );
    let daemon = await startDaemon(directory, yaml);
    let ask = asker(daemon);
    expect(await (await fetch(`http://127.0.0.1:${daemon.ports.http}/api/status`)).status).toBe(401);
    await replay(daemon);
    const until = async (path: string, isDone: (answer: never) => boolean) => {
      for (;;) {
        const answer = await ask(path);
        if (isDone(answer as never)) return answer;
      }
    };
    await until(
      'status',
      ({ flows: seen, events }: { flows: number; events: number }) => seen === flows && events > 0,
    );
    await until('flows/top?by=src&limit=1', ({ flows: kept }: { flows: number }) => kept === flows);

    const detections = await ask(`detections?attacker=${attacker}&limit=5`);
    expect(detections.items.length).toBe(5);
    const next = await ask(
      `detections?attacker=${attacker}&limit=5&cursor=${encodeURIComponent(detections.next)}`,
    );
    expect(Number(next.items[0].id)).toBeLessThan(Number(detections.items[4].id));
    const summary = await ask('detections/summary');
    expect(summary.byStatement.map(({ statement }: { statement: string }) => statement)).toEqual(
      expect.arrayContaining(['PortScan', 'LoginSearch', 'BruteForce', 'MultiStage']),
    );
    expect(summary.bruteForce[0]).toMatchObject({ attacker, averageCount: expect.any(Number) });
    const incident = await ask(`incidents/${attacker}`);
    expect(incident.stages.map(({ statement }: { statement: string }) => statement)).toContain('PortScan');
    expect(incident.evidence.total).toBeGreaterThan(0);
    const { items: events } = await ask('events?type=bruteForce');
    expect(events[0].sources).toEqual([attacker]);
    expect((await ask(`events/${events[0].id}`)).event.flows).toBeDefined();
    expect((await ask('traffic')).flows.reduce((a: number, b: number) => a + b)).toBeGreaterThan(0);
    expect((await ask('exporters')).items[0]).toMatchObject({
      exporter: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:/),
      records: flows,
      lostRecords: 0,
      domains: [{ clockSkewMs: expect.any(Number) }],
    });

    const page = await ask('flows?limit=100&filter=tcp%20and%20dst%20port%2080');
    const second = await ask(`flows?limit=100&filter=tcp%20and%20dst%20port%2080&cursor=${page.next}`);
    expect(page.items.some(({ url }: { url: string | null }) => url !== null)).toBe(true);
    const starts = [...page.items, ...second.items].map(({ startMs }: { startMs: number }) => startMs);
    expect(starts).toEqual(starts.toSorted((a, b) => b - a));
    const keys = [...page.items, ...second.items].map((flow) => JSON.stringify(flow));
    expect(new Set(keys).size).toBe(200);
    const line = await ask('flows/timeline?buckets=50');
    expect(line.flows.reduce((a: number, b: number) => a + b)).toBe(flows);
    expect(await ask('flows?filter=src%20prot%2080')).toBe(400);

    const query = async (...args: string[]) =>
      runCli('flowpact', ['query', ...args, '--state', join(directory, 'state')]);
    const counted = await query(
      "SELECT count(*) AS n, 2::HUGEINT ** 62 AS large, {'a': '\\xAA'::BLOB} AS s FROM detections WHERE statement = 'MultiStage'",
    );
    expect(JSON.parse(counted.stdout)).toEqual({
      n: summary.byStatement.find(({ statement }: { statement: string }) => statement === 'MultiStage').count,
      large: 2 ** 62,
      s: { a: 'aa' },
    });
    const many = await query('SELECT n FROM range(100000) r(n)', '--limit', '50000', '--csv');
    expect(many.stdout.split('\n')).toHaveLength(50_002);
    expect(many.stderr).toContain('there is more');
    expect(await query('SELECT nothing FROM detections')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"nothing" not found'),
    });

    const module = 'multi-stage-http';
    const isEnabled = async () => (await ask('modules')).items[0].isEnabled;
    const [{ statements }] = (await ask('modules')).items;
    expect(statements.find(({ statement }: { statement: string }) => statement === 'PortScan')).toMatchObject(
      {
        eventsIn: expect.any(Number),
        errors: 0,
        text: expect.stringContaining('insert into PortScan'),
      },
    );
    const put = (name: string, wanted: boolean) =>
      ask(`modules/${name}`, { method: 'PUT', body: JSON.stringify({ isEnabled: wanted }) });
    expect(await put('none', false)).toBe(404);
    await put(module, false);
    expect(await isEnabled()).toBe(false);

    daemon.process.kill('SIGKILL');
    await daemon.result;
    daemon = await startDaemon(directory, yaml);
    ask = asker(daemon);
    expect(await isEnabled()).toBe(false);
    await put(module, true);
    expect(await isEnabled()).toBe(true);
    expect((await ask(`detections?attacker=${attacker}&limit=5`)).items).toEqual(detections.items);
    expect((await ask('events?type=bruteForce')).items).toEqual(events);
    expect((await ask('flows/top?by=src&limit=1')).flows).toBe(flows);
    const { trafficMs } = await ask('status');
    const earlier = await ask(
      `traffic?fromMs=${trafficMs - 3_600_000}&toMs=${trafficMs + 60_000}&buckets=60`,
    );
    const sum = (counts: number[]) => counts.reduce((a, b) => a + b);
    expect(Math.abs(sum(earlier.flows) - flows) / flows).toBeLessThan(0.001);
    expect(
      sum(
        earlier.detections.find(({ statement }: { statement: string }) => statement === 'MultiStage').counts,
      ),
    ).toBe(
      summary.byStatement.find(({ statement }: { statement: string }) => statement === 'MultiStage').count,
    );
    daemon.process.kill('SIGTERM');
    expect((await daemon.result).code).toBe(0);
  });

  it('without a store shows the latest, and says what is not kept', async () => {
    const { directory, yaml } = configure(
      'fleeting',
      'http: { listen: 127.0.0.1:0, requestsPerSecond: 10000, burst: 10000 }\nstore: { enabled: false, flows: false }',
    );
    const daemon = await startDaemon(directory, yaml);
    const ask = asker(daemon);
    await replay(daemon);
    for (;;) {
      const { flows: seen, events, octets } = await ask('status');
      if (seen === flows && events > 0 && octets > 0) break;
    }
    expect((await ask('status')).note).toContain('store.enabled');
    expect((await ask(`incidents/${attacker}`)).stages.length).toBeGreaterThan(2);
    expect((await ask('traffic')).flows.reduce((a: number, b: number) => a + b)).toBeGreaterThan(0);
    expect(await ask('flows')).toBe(404);
    expect(await ask('modules/multi-stage-http', { method: 'PUT', body: '{"isEnabled":false}' })).toBe(403);
    daemon.process.kill('SIGTERM');
    expect((await daemon.result).code).toBe(0);
  });

  it.each([
    ['0.0.0.0:0', '', /http\.listen must be a loopback address.*add `tokenFile`/],
    ['0.0.0.0:0', 'tokenFile: missing', /http\.tokenFile cannot be read/],
    ['127.0.0.1:0', 'tokenFile: open', /http\.tokenFile .* can be read by others than its owner: chmod 600/],
    ['127.0.0.1:0', 'tokenFile: short', /at least 16 characters/],
    ['0.0.0.0:0', 'people: [{ name: anna, tokenFile: short }]', /people\[0\]\.tokenFile .*at least 16/],
    [
      '0.0.0.0:0',
      'tokenFile: good\n  people: [{ name: anna, tokenFile: good }]',
      /people\[0\]\.tokenFile has the same token as http\.tokenFile/,
    ],
    [
      '127.0.0.1:0',
      '\nstore: { extraColumns: [octetDeltaCount] }',
      /store\.extraColumns\[0\] is kept by itself/,
    ],
    ['127.0.0.1:0', '\nstore: { extraColumns: [nothing] }', /there is no element "nothing"/],
  ])('refuses %s with "%s"', async (listen, more, message) => {
    const directory = join(folder, `refused-${listen}-${more}`.replaceAll(/[^a-z0-9.]/g, '-'));
    mkdirSync(directory);
    writeFileSync(join(directory, 'open'), token, { mode: 0o644 });
    writeFileSync(join(directory, 'good'), token, { mode: 0o600 });
    writeFileSync(join(directory, 'short'), 'short', { mode: 0o600 });
    const file = join(directory, 'flowpact.yaml');
    writeFileSync(file, `http:\n  listen: ${listen}\n  ${more}\n`);
    const { code, stderr } = await runCli('flowpact', ['run', file]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });
});
