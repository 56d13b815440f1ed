import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '@flowpact/event';
import {
  createExchange,
  createMemoryJournal,
  createMemoryNetwork,
  type ExchangeEvent,
  flexCodec,
  systemClock,
} from '@flowpact/exchange';
import { createStore, rowsOf } from '@flowpact/store';
import { afterEach, expect, it } from 'vitest';
import { keepExchangeEvent } from '../../src/exchange/keep-exchange-event.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowpact-test-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('what was said, where it stands and what a partner calls a false positive is in the tables', async () => {
  const network = createMemoryNetwork();
  const store = createStore({ directory });
  await store.start();
  const kept: Promise<void>[] = [];
  const end = (name: string, partner: string, outcome: Outcome, onEvent: (event: ExchangeEvent) => void) =>
    createExchange(
      {
        self: { name },
        partners: [
          {
            party: { name: partner },
            languages: ['flex'],
            routes: [{ transport: 'memory', address: partner }],
          },
        ],
      },
      {
        transports: [network.join(name)],
        codecs: [flexCodec],
        journal: createMemoryJournal(),
        clock: systemClock,
        decide: () => outcome,
        onEvent,
      },
    );
  const ours = end('isp-a.example', 'isp-b.example', { status: 'received' }, (event) => {
    kept.push(keepExchangeEvent(store, event, () => ours.conversations()));
  });
  const falsePositive: Outcome = { status: 'falsePositive', reason: 'our own scanner' };
  const theirs = end('isp-b.example', 'isp-a.example', falsePositive, () => undefined);
  await Promise.all([ours.start(), theirs.start()]);
  await ours.alert(
    {
      type: 'scan',
      sources: [{ address: '203.0.113.7' }],
      detector: { name: 'flowpact', rule: 'PortScan' },
    },
    'isp-b.example',
  );
  await ours.settled();
  await theirs.settled();
  await Promise.all([ours.stop(), theirs.stop()]);
  await Promise.all(kept);

  const rows = async (sql: string) => rowsOf(await store.query(sql));
  expect(await rows('SELECT direction, kind, language FROM messages ORDER BY number')).toEqual([
    ['out', 'alert', 'flex'],
    ['in', 'feedback', 'flex'],
  ]);
  expect(await rows('SELECT partner, status FROM conversations')).toEqual([['isp-b.example', 'answered']]);
  expect(await rows('SELECT partner, rule, reason FROM false_positives')).toEqual([
    ['isp-b.example', 'PortScan', 'our own scanner'],
  ]);
  await store.stop();
});
