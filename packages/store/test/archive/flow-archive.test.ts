import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFlowArchive,
  type FlowArchive,
  type FlowArchiveConfig,
  type FlowArchiveDeps,
  type FlowRecord,
  flowColumns,
  rowsOf,
  type TrafficSummary,
} from '../../src/index.ts';
import { ask, newDirectory, startMs, withStore } from '../scratch.ts';

async function withArchive(
  config: Partial<FlowArchiveConfig>,
  use: (archive: FlowArchive) => Promise<void> | void,
  deps: FlowArchiveDeps = {},
): Promise<string> {
  const directory = config.directory ?? join(newDirectory(), 'flows');
  const archive = createFlowArchive({ ...config, directory }, deps);
  await archive.start();
  await use(archive);
  await archive.stop();
  return join(directory, '..');
}

const askFlows = (directory: string, sql: string) => withStore({ directory }, (store) => ask(store, sql));

/** Names below a folder, those of files without what is random in them. */
const tree = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => name.replace(/-[0-9a-f]{12}/, ''))
    .sort();

const hourMs = 3_600_000;
const clock = { now: () => startMs };

describe('the archive of flows', () => {
  it('gives every value back', async () => {
    const values = {
      unsigned8: fc.integer({ min: 0, max: 0xff }),
      unsigned16: fc.integer({ min: 0, max: 0xffff }),
      unsigned32: fc.integer({ min: 0, max: 0xffffffff }),
      unsigned64: fc.maxSafeNat(),
      ipv4Address: fc.integer({ min: 0, max: 0xffffffff }),
      ipv6Address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      dateTimeMilliseconds: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }),
      string: fc.string(),
    };
    const extraColumns = [{ name: 'httpUrl', elements: [], type: 'string' as const }];
    const columns = [...flowColumns, ...extraColumns];
    const flow = fc.record(
      Object.fromEntries(
        columns.map(({ name, type }) => [
          name,
          name === 'flowStartMilliseconds'
            ? fc.integer({ min: startMs, max: startMs + hourMs - 5 * 60_000 - 1 })
            : fc.option(values[type] as fc.Arbitrary<unknown>),
        ]),
      ),
    ) as fc.Arbitrary<FlowRecord>;
    const some = fc.array(flow, { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(some, async (flows) => {
        const directory = await withArchive({ extraColumns }, (archive) => {
          for (const each of flows) expect(archive.append(each)).toBe(true);
        });
        const names = columns.map(({ name, type }) =>
          type === 'dateTimeMilliseconds' ? `epoch_ms(${name})` : name,
        );
        const rows = await askFlows(directory, `SELECT ${names.join(', ')} FROM flows`);
        const plain = (value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
        expect(rows.map((row) => row.map(plain))).toEqual(
          flows.map((each) => columns.map(({ name }) => plain(each[name]))),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('keeps more flows than a batch has, with holes at its borders', async () => {
    const directory = await withArchive({}, (archive) => {
      for (let i = 0; i < 5000; i++) {
        archive.append({
          flowStartMilliseconds: startMs,
          octetDeltaCount: i,
          vlanId: i % 2048 === 2047 ? 7 : null,
        });
      }
    });
    const sql =
      'SELECT count(*), sum(octetDeltaCount), count(vlanId), count(destinationIPv6Address) FROM flows';
    expect(await askFlows(directory, sql)).toEqual([[5000, (4999 * 5000) / 2, 2, 0]]);
  });

  it('has a folder for each hour, and nothing else that ends like its files', async () => {
    const directory = await withArchive(
      {},
      (archive) => {
        for (const ms of [startMs, startMs + hourMs, startMs - 24 * hourMs])
          archive.append({ flowStartMilliseconds: ms });
      },
      { clock },
    );
    expect(tree(join(directory, 'flows'))).toEqual([
      'date=2026-11-21/hour=13/20261122T130500Z.parquet',
      'date=2026-11-22/hour=13/20261122T130500Z.parquet',
      'date=2026-11-22/hour=14/20261122T130500Z.parquet',
    ]);
    expect(await askFlows(directory, `SELECT date, hour FROM flows WHERE date < '2026-11-22'`)).toEqual([
      ['2026-11-21', 13],
    ]);
  });

  it('files flows without a start that makes sense under their end, or the time at which they came', async () => {
    const directory = await withArchive(
      {},
      (archive) => {
        for (const ms of [null, Number.NaN, -1, 1e300]) {
          archive.append({ flowStartMilliseconds: ms, flowEndMilliseconds: ms });
        }
        archive.append({ flowEndMilliseconds: startMs - 1 });
        expect(archive.stats.withoutTime).toBe(5);
      },
      { clock },
    );
    expect(
      await askFlows(
        directory,
        'SELECT epoch_ms(flowStartMilliseconds), count(*), count(flowEndMilliseconds) FROM flows GROUP BY 1 ORDER BY 1',
      ),
    ).toEqual([
      [startMs - 1, 1, 1],
      [startMs, 4, 0],
    ]);
  });

  it('writes after so many flows, after such a time, and before too many hours', async () => {
    let nowMs = startMs;
    let tick = () => {};
    const limits = { flushFlows: 2048, flushAfterMs: 60_000, maxHours: 2 };
    await withArchive(
      { limits },
      async (archive) => {
        for (let i = 0; i < 2048; i++) archive.append({ flowStartMilliseconds: startMs });
        await archive.flush();
        expect(archive.stats.files).toBe(1);

        archive.append({ flowStartMilliseconds: startMs });
        nowMs += 59_999;
        tick();
        await Promise.resolve();
        expect(archive.stats.written).toBe(2048);
        nowMs += 1;
        tick();
        await archive.flush();
        expect(archive.stats.files).toBe(2);

        for (let hour = 0; hour < 5; hour++)
          archive.append({ flowStartMilliseconds: startMs + hour * hourMs });
        await archive.flush();
        expect(archive.stats).toMatchObject({ flows: 2054, written: 2054, files: 7 });
      },
      {
        clock: { now: () => nowMs },
        every(_periodMs, call) {
          tick = call;
          return () => undefined;
        },
      },
    );
  });

  it('holds what it cannot write, drops what has no room, says so, and heals by itself', async () => {
    const directory = newDirectory();
    const flows = join(directory, 'flows');
    mkdirSync(flows, { recursive: true });
    writeFileSync(join(flows, 'date=2026-11-22'), 'in the way');
    const codes: string[] = [];
    await withArchive(
      { directory: flows, limits: { maxBufferedFlows: 100 } },
      async (archive) => {
        for (let i = 0; i < 150; i++) archive.append({ flowStartMilliseconds: startMs, octetDeltaCount: 1 });
        await expect(archive.flush()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
        await expect(archive.flush()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
        expect(archive.stats).toMatchObject({ flows: 100, dropped: 50, written: 0, failures: 2 });
        expect(archive.stats.lastFailure?.message).toContain('ENOTDIR');
        expect(readdirSync(join(flows, '_incoming'))).toEqual([]);

        rmSync(join(flows, 'date=2026-11-22'));
        await archive.flush();
        expect(archive.append({ flowStartMilliseconds: startMs, octetDeltaCount: 1 })).toBe(true);
      },
      { onFailure: ({ code }) => codes.push(code) },
    );
    expect(codes).toEqual(['STORE_WRITE_FAILED', 'STORE_WRITE_FAILED']);
    expect(await askFlows(directory, 'SELECT count(*) FROM flows')).toEqual([[101]]);
  });

  it('shows columns that were added later, and refuses to change the type of one', async () => {
    const directory = join(newDirectory(), 'flows');
    const url = { name: 'httpUrl', elements: [], type: 'string' as const };
    await withArchive({ directory }, (archive) => void archive.append({ flowStartMilliseconds: startMs }));
    await withArchive(
      { directory, extraColumns: [url] },
      (archive) => void archive.append({ flowStartMilliseconds: startMs, httpUrl: '/login' }),
    );
    expect(await askFlows(join(directory, '..'), 'SELECT httpUrl FROM flows ORDER BY 1')).toEqual([
      ['/login'],
      [null],
    ]);
    const other = createFlowArchive({ directory, extraColumns: [{ ...url, type: 'unsigned8' }] });
    await expect(other.start()).rejects.toMatchObject({ code: 'STORE_OPEN_FAILED' });
    expect(() => createFlowArchive({ directory, extraColumns: [flowColumns[3]] })).toThrow('already');
  });

  it('removes what a killed process left half written, and nothing of a living one', async () => {
    const directory = join(newDirectory(), 'flows');
    mkdirSync(join(directory, '_incoming'), { recursive: true });
    const left = join(directory, '_incoming', '99999999-00aa.parquet');
    const living = join(directory, '_incoming', `${process.ppid}-00aa.parquet`);
    for (const path of [left, living]) writeFileSync(path, '');
    await withArchive({ directory }, () => undefined);
    expect([existsSync(left), existsSync(living)]).toEqual([false, true]);
  });

  it('is read by any DuckDB, with the statement of the reference', async () => {
    const directory = await withArchive(
      {},
      (archive) => void archive.append({ flowStartMilliseconds: startMs }),
    );
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/archive.md'), 'utf8');
    const [, sql] = /^DuckDB: `([^`]+)`$/m.exec(page) as RegExpExecArray;
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(sql.replace("'state/", `'${directory}/`));
    expect(reader.getRowsJS()).toEqual([[1n]]);
    connection.closeSync();
    instance.closeSync();
  });

  it('has the columns that the reference lists', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/archive.md'), 'utf8');
    const listed = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(listed.sort()).toEqual(flowColumns.map(({ name }) => name).sort());
  });

  it('sums up each minute by exporter and protocol, and names who had most', async () => {
    const summaries: TrafficSummary[] = [];
    const flow = {
      flowStartMilliseconds: startMs,
      exporterIPv4Address: 0x7f000001,
      protocolIdentifier: 6,
      packetDeltaCount: 2,
      octetDeltaCount: 100,
    };
    await withArchive(
      { limits: { talkers: 1 } },
      (archive) => {
        archive.append({ ...flow, sourceIPv4Address: 0xc0000201 });
        archive.append({ ...flow, sourceIPv4Address: 0xc0000201, samplingInterval: 10 });
        archive.append({ ...flow, sourceIPv4Address: 0xc0000202 });
        archive.append({ ...flow, flowStartMilliseconds: startMs + 60_000, protocolIdentifier: null });
      },
      { onSummary: (summary) => summaries.push(summary) },
    );
    expect(summaries).toHaveLength(1);
    const [{ traffic, talkers }] = summaries;
    const byMinute = [...traffic].sort((a, b) => a.minuteMs - b.minuteMs);
    expect(byMinute).toEqual([
      { minuteMs: startMs, exporter: '127.0.0.1', protocol: 6, flows: 3, packets: 24, octets: 1200 },
      { minuteMs: startMs + 60_000, exporter: '127.0.0.1', flows: 1, packets: 2, octets: 100 },
    ]);
    expect(talkers).toEqual([
      { minuteMs: startMs, role: 'source', address: '192.0.2.1', flows: 2, packets: 22, octets: 1100 },
    ]);
  });
});

describe('questions about flows', () => {
  const archived = withArchive({}, (archive) => {
    const octets = (last: number) =>
      Uint8Array.from([0x20, 0x01, 0x0d, 0xb8, ...new Array(11).fill(0), last]);
    for (let i = 0; i < 60; i++) {
      archive.append({
        flowStartMilliseconds: startMs + i * 60_000,
        flowEndMilliseconds: startMs + i * 60_000 + 30_000,
        ...(i % 2 === 0
          ? { sourceIPv4Address: 0xc0000200 + (i % 4), destinationIPv4Address: 0x0a000001 }
          : { sourceIPv6Address: octets(i % 4), destinationIPv6Address: octets(0xff) }),
        destinationTransportPort: i < 20 ? 22 : 443,
        packetDeltaCount: 1,
        octetDeltaCount: i,
        samplingInterval: 2,
      });
    }
  });
  const withFlows = async <T>(use: Parameters<typeof withStore<T>>[1]) =>
    withStore({ directory: await archived }, use);

  it('lists them from the earliest, within a time', () =>
    withFlows(async (store) => {
      const columns = ['source', 'destination', 'octetDeltaCount'];
      const fromMs = startMs + 54 * 60_000;
      expect(await rowsOf(await store.flows({ columns, fromMs, limit: 2 }))).toEqual([
        ['192.0.2.2', '10.0.0.1', 54],
        ['2001:db8::3', '2001:db8::ff', 55],
      ]);
      expect(await rowsOf(await store.flows({ columns, toMs: startMs + 1 }))).toHaveLength(1);
      expect(await rowsOf(await store.flows({ columns, fromMs: startMs + 60 * 60_000 }))).toEqual([]);
    }));

  it('finds the largest groups', () =>
    withFlows(async (store) => {
      const top = await store.topFlows({
        by: ['source', 'destinationTransportPort'],
        orderBy: 'octets',
        limit: 2,
        counts: 'scaled',
      });
      expect(top.columns.map(({ name }) => name)).toEqual([
        ...['source', 'destinationTransportPort', 'flows', 'packets', 'octets'],
      ]);
      expect(await rowsOf(top)).toEqual([
        ['2001:db8::3', 443, 10, 20, 820],
        ['192.0.2.2', 443, 10, 20, 800],
      ]);
    }));

  it('counts along the time', () =>
    withFlows(async (store) => {
      const condition = { sql: 'destinationTransportPort = 22 AND ? = ?', texts: ['a', 'a'] };
      const line = await store.timeLine({ bucketMs: 600_000, condition });
      expect(await rowsOf(line)).toEqual([
        [startMs - 300_000, 5, 5, 10],
        [startMs + 300_000, 10, 10, 95],
        [startMs + 900_000, 5, 5, 85],
      ]);
    }));

  it('refuses a column that there is not', () =>
    withFlows(async (store) => {
      const query = store.flows({ columns: ['"; DROP TABLE detections'] });
      await expect(query).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' });
    }));

  it('gives a partner the flows between networks, in both directions, and says what is missing', () =>
    withFlows(async (store) => {
      const wanted = { fromMs: startMs + 3 * 60_000 + 30_000, toMs: startMs + 8 * 60_000, limit: 10 };
      const found = await store.findFlows({ ...wanted, ends: ['10.0.0.0/8'], otherEnds: ['192.0.2.0/31'] });
      expect(found.layout.columns.slice(0, 5).map((column) => column.kind === 'iana' && column.id)).toEqual([
        ...[152, 153, 8, 27, 12],
      ]);
      expect(found.rows).toEqual([
        [
          ...[startMs + 240_000, startMs + 270_000, Uint8Array.of(192, 0, 2, 0), null],
          ...[Uint8Array.of(10, 0, 0, 1), null, null, 22, 1, 4, null, null],
        ],
      ]);
      expect(found.isPartial).toBe(false);
      // The one that had begun before is among them.
      const six = await store.findFlows({ ...wanted, ends: ['2001:db8::/64'] });
      expect(six.rows.map(([start]) => start)).toEqual([180_000, 300_000, 420_000].map((ms) => startMs + ms));
      expect(await store.findFlows({ ...wanted, ends: ['2001:db8::/64'], limit: 1 })).toMatchObject({
        rows: { length: 1 },
        isPartial: true,
      });
      expect(
        (await store.findFlows({ ...wanted, fromMs: startMs - hourMs, ends: ['10.0.0.1'] })).isPartial,
      ).toBe(true);
    }));
});
