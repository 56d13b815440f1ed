import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { migrations } from '../src/database/migrations.ts';
import { createStore } from '../src/index.ts';
import { ask, newDirectory, startMs, withStore } from './scratch.ts';

describe('a store', () => {
  it('keeps detections over a restart and numbers them on', async () => {
    const directory = newDirectory();
    const detection = { timeMs: startMs, module: 'ssh.epl', statement: 'BruteForce' };
    await withStore({ directory }, (store) =>
      store.addDetections([{ ...detection, row: { count: 12n, source: '192.0.2.1' } }]),
    );
    await withStore({ directory }, async (store) => {
      await store.addDetections([{ ...detection, row: {} }]);
      expect(
        await ask(
          store,
          'SELECT * EXCLUDE (kind, attacker, target, url, amount) FROM detections ORDER BY number',
        ),
      ).toEqual([
        [1, '2026-11-22T13:05:00.000Z', 'ssh.epl', 'BruteForce', '{"count":"12","source":"192.0.2.1"}'],
        [2, '2026-11-22T13:05:00.000Z', 'ssh.epl', 'BruteForce', '{}'],
      ]);
    });
  });

  it('keeps what a detection says in words that all statements share', () =>
    withStore({}, async (store) => {
      const roles = { kind: 'scan', attacker: '192.0.2.1', amount: 12.5 };
      const row = { timeMs: startMs, statement: 's', row: {} };
      expect(await store.addDetections([{ ...row, roles }, row])).toEqual([1, 2]);
      expect(await ask(store, 'SELECT kind, attacker, target, url, amount FROM detections')).toEqual([
        ['scan', '192.0.2.1', null, null, 12.5],
        [null, null, null, null, null],
      ]);
    }));

  it('takes the tables of an earlier version over, with what is in them', async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    const instance = await DuckDBInstance.create(join(directory, 'flowpact.duckdb'));
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE schema_version (version INTEGER NOT NULL);
      INSERT INTO schema_version VALUES (1);
      ${migrations[0]}
      INSERT INTO detections VALUES (nextval('detection_number'), now()::TIMESTAMP, 'm', 's', '{}');
      INSERT INTO conversations VALUES ('isp-b.example', 'a', '1', now()::TIMESTAMP, 'open', '{}')`);
    connection.closeSync();
    instance.closeSync();
    await withStore({ directory }, async (store) => {
      expect(await store.addDetections([{ timeMs: startMs, statement: 's', row: {} }])).toEqual([2]);
      expect(await ask(store, 'SELECT count(*), count(kind) FROM detections')).toEqual([[2, 0]]);
      const root = { sender: 'a', id: '1' };
      await store.putConversation({
        ...{ timeMs: startMs, partner: 'isp-b.example', root, status: 'answered' },
        ...{ about: ['192.0.2.1'], conversation: {} },
      });
      expect(await ask(store, 'SELECT status, about FROM conversations')).toEqual([
        ['answered', ['192.0.2.1']],
      ]);
    });
  });

  it('writes what comes in one burst with few commits', () =>
    withStore({}, async (store) => {
      const before = store.stats.commits;
      await Promise.all(
        Array.from({ length: 500 }, (_, i) =>
          store.addDetections([{ timeMs: startMs + i, statement: 's', row: { i } }]),
        ),
      );
      expect(await ask(store, 'SELECT count(*), max(number) FROM detections')).toEqual([[500, 500]]);
      expect(store.stats.commits - before).toBeLessThan(10);
    }));

  it('opened for reading shares the tables with other readers, and refuses to write', async () => {
    const { directory } = await withStore({}, async (store, inside) => {
      await store.addDetections([{ timeMs: startMs, statement: 's', row: {} }]);
      return { directory: inside };
    });
    await withStore({ directory, access: 'read' }, (first) =>
      withStore({ directory, access: 'read' }, async (second) => {
        for (const store of [first, second]) {
          expect(store.hasTables).toBe(true);
          expect(await ask(store, 'SELECT count(*) FROM detections')).toEqual([[1]]);
        }
        const refused = { code: 'STORE_WRITE_FAILED' };
        await expect(
          second.addTraffic([{ minuteMs: 0, flows: 1, packets: 1, octets: 1 }]),
        ).rejects.toMatchObject(refused);
        await expect(second.retain()).rejects.toMatchObject(refused);
      }),
    );
  });

  it('opened for reading where there are no tables knows the flows alone', () =>
    withStore({ access: 'read' }, async (store) => {
      expect(store.hasTables).toBe(false);
      expect(store.stats.lastFailure?.code).toBe('STORE_OPEN_FAILED');
      expect(await ask(store, 'SELECT count(*) FROM flows')).toEqual([[0]]);
      await expect(ask(store, 'SELECT count(*) FROM detections')).rejects.toMatchObject({
        code: 'STORE_QUERY_FAILED',
      });
    }));

  it('refuses tables that a newer program has made', async () => {
    const directory = newDirectory();
    await withStore({ directory }, async () => undefined);
    const instance = await DuckDBInstance.create(join(directory, 'flowpact.duckdb'));
    const connection = await instance.connect();
    await connection.run('INSERT INTO schema_version VALUES (999)');
    connection.closeSync();
    instance.closeSync();
    const store = createStore({ directory });
    await expect(store.start()).rejects.toMatchObject({ code: 'STORE_OPEN_FAILED', message: /999/ });
  });

  it('says that it does not run', async () => {
    const store = createStore({ directory: newDirectory() });
    const expected = { code: 'STORE_NOT_RUNNING' };
    await expect(store.query('SELECT 1')).rejects.toMatchObject(expected);
    await expect(store.addDetections([{ timeMs: 0, statement: '', row: {} }])).rejects.toMatchObject(
      expected,
    );
  });

  it('keeps all that it is given about events, messages and conversations', () =>
    withStore({}, async (store) => {
      const event = {
        type: 'scan' as const,
        startMs,
        severity: 'high' as const,
        confidence: 80,
        detector: { name: 'flowpact', rule: 'Scan' },
        sources: [{ address: '192.0.2.0', prefixLength: 24 }, { name: 'bot.example' }],
        targets: [{ address: '2001:db8::1' }],
        totals: { octets: 2n ** 60n },
        flows: {
          layout: { columns: [{ kind: 'iana' as const, id: 8 }] },
          groups: [{ rows: [[Uint8Array.of(192, 0, 2, 1)], [null]] }],
        },
      };
      expect(
        await store.addEvents([
          { timeMs: startMs, event },
          { timeMs: startMs, detectedMs: startMs - 5, event },
        ]),
      ).toEqual([1, 2]);
      expect(await ask(store, 'SELECT * EXCLUDE (time, event, flows, detected) FROM events LIMIT 1')).toEqual(
        [
          [
            ...[1, 'scan', '2026-11-22T13:05:00.000Z', null, 'high', 80, 'Scan'],
            ...[['192.0.2.0/24', 'bot.example'], ['2001:db8::1'], 2],
          ],
        ],
      );
      expect(await store.event(2)).toEqual({
        ...{ number: 2, timeMs: startMs, detectedMs: startMs - 5, event },
      });
      expect(await store.event(3)).toBeUndefined();

      const message = {
        kind: 'feedback' as const,
        id: '7',
        sender: { name: 'isp-b.example' },
        createdMs: startMs,
        event,
        conversation: { outcome: { status: 'falsePositive' as const } },
      };
      const bytes = Uint8Array.of(0, 255, 1);
      const partner = 'isp-b.example';
      await store.addMessages([
        { timeMs: startMs + 1, direction: 'in', partner, language: 'flex', bytes, message },
      ]);
      expect(await ask(store, 'SELECT * EXCLUDE (bytes), hex(bytes) FROM messages')).toEqual([
        [
          ...[1, '2026-11-22T13:05:00.001Z', 'in', partner, partner, '7', 'feedback'],
          ...['2026-11-22T13:05:00.000Z', 'scan', 'Scan', 'falsePositive', 'flex', '00FF01'],
        ],
      ]);

      const root = { sender: partner, id: '7' };
      const conversation = { turns: [1] };
      for (const [status, about] of [
        ['open', []],
        ['answered', ['192.0.2.1']],
        ['overdue', ['192.0.2.2']],
      ] as const) {
        await store.putConversation({ timeMs: startMs, partner, root, status, about, conversation });
      }
      expect(await ask(store, `SELECT status, about, conversation->'$.turns' FROM conversations`)).toEqual([
        ['overdue', ['192.0.2.1'], '[1]'],
      ]);
      await store.addFalsePositives([{ timeMs: startMs, partner, rule: 'Scan', feedback: root }]);
      expect(await ask(store, 'SELECT rule, count(*) FROM false_positives GROUP BY ALL')).toEqual([
        ['Scan', 1],
      ]);
      await store.addTalkers([
        { minuteMs: startMs, role: 'source', address: '192.0.2.1', flows: 1, packets: 2, octets: 3 },
      ]);
      await store.addTraffic([{ minuteMs: startMs, protocol: 6, flows: 1, packets: 2, octets: 3 }]);
      expect(await ask(store, 'SELECT sum(t.octets + k.octets) FROM traffic t, talkers k')).toEqual([[6]]);
    }));

  it('knows the archive without any flows', () =>
    withStore({}, async (store) => {
      expect(await ask(store, 'SELECT count(*), max(source) FROM flows')).toEqual([[0, null]]);
    }));
});

describe('queries of a store', () => {
  it.each([
    ['write', `INSERT INTO detections (number, time, statement, detection) VALUES (1, now(), '', '{}')`],
    [
      'explain and write',
      `EXPLAIN ANALYZE INSERT INTO detections (number, time, statement, detection) VALUES (1, now()::TIMESTAMP, '', '{}')`,
    ],
    ['are two', 'SELECT 1; SELECT 2'],
    ['set', 'SET threads = 8'],
    ['copy', `COPY (SELECT 1) TO '/tmp/flowpact-x.csv'`],
    ['attach', `ATTACH '/tmp/flowpact-other.duckdb'`],
    ['read other files', `SELECT * FROM read_text('/etc/passwd')`],
    ['list other files', `SELECT * FROM glob('/etc/*')`],
    ['take numbers', `SELECT nextval('detection_number')`],
    ['begin', 'COMMIT'],
  ])('that %s are refused', (_what, sql) =>
    withStore({}, async (store) => {
      await expect(ask(store, sql)).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' });
      expect(await ask(store, 'SELECT count(*) FROM detections')).toEqual([[0]]);
    }),
  );
});
