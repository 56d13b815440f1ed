import type { Message } from '@flowpact/event';
import type { ExchangeEvent } from '@flowpact/exchange';
import { expect, it } from 'vitest';
import { logExchangeEvent } from '../../src/exchange/log-exchange-event.ts';
import { createLogger } from '../../src/log/logger.ts';

const message: Message = {
  kind: 'alert',
  id: '7',
  sender: { name: 'isp-a.example' },
  createdMs: 0,
  event: { type: 'other' },
};

function logged(event: ExchangeEvent): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  const log = createLogger(
    { level: 'info', format: 'json' },
    { out: { write: (line) => void lines.push(line) } },
  );
  logExchangeEvent(log, event);
  return lines.map((line) => JSON.parse(line));
}

const queued = {
  ...({ kind: 'queued', atMs: 0, partner: 'isp-b.example', bytes: 9, language: 'arf' } as const),
  message,
  octets: new Uint8Array(9),
};

it('the log tells what a language could not say, and of a message without losses only in detail', () => {
  const losses = Array.from({ length: 22 }, (_, index) => ({
    path: `event.sources[${index}]`,
    effect: 'dropped' as const,
    note: 'no place for it',
  }));
  expect(logged(queued)).toEqual([]);
  const [line] = logged({ ...queued, losses: { losses, additional: ['event.tlp'] } });
  expect(line).toMatchObject({ level: 'info', msg: 'message in the outbox', message: 'isp-a.example/7' });
  expect(line).not.toHaveProperty('octets');
  expect(line?.lost).toHaveLength(21);
  expect(line?.lost).toContain('and 2 more');
  expect(line?.additional).toEqual(['event.tlp']);
});

it('the log tells what a mail system reports, and that a message cannot be answered', () => {
  const reference = { sender: 'isp-b.example', id: '3' };
  const [unanswerable] = logged({
    ...({ kind: 'unanswerable', atMs: 0, partner: 'isp-b.example' } as const),
    reference,
    reason: 'reads no language with a place for a feedback',
  });
  expect(unanswerable).toMatchObject({ level: 'warn', reference, partner: 'isp-b.example' });
  const report = {
    ...{ transport: 'smtp', reference, recipient: 'flex@isp-b.example', status: '5.1.1' },
    action: 'failed' as const,
  };
  const [reported] = logged({ kind: 'deliveryReport', atMs: 0, effect: 'deadLetter', report });
  expect(reported).toMatchObject({ msg: 'a mail system reports on a message', effect: 'deadLetter', report });
});
