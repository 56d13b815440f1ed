import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createFileJournal,
  createMemoryJournal,
  type ExchangeJournal,
  type JournalLimits,
} from '../../src/index.ts';
import { inboxEntry, outboxEntry } from './journal-entries.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowpact-journal-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let directories = 0;

const receipt = { transport: 'smtp', atMs: 5 };
const temporary = { atMs: 5, reason: 'away', permanent: false };
const permanent = { atMs: 5, reason: 'no such user', permanent: true };

describe.each<[string, (limits?: Partial<JournalLimits>) => ExchangeJournal]>([
  ['in memory', createMemoryJournal],
  ['in a file', (limits) => createFileJournal({ directory: join(scratch, String(directories++)), limits })],
])('a journal %s', (_where, createJournal) => {
  async function withJournal(
    use: (journal: ExchangeJournal) => Promise<void>,
    limits?: Partial<JournalLimits>,
  ): Promise<void> {
    const journal = createJournal(limits);
    await journal.open();
    await use(journal);
    await journal.close();
  }

  it('keeps what is promised until it is sent or given up, in order', () =>
    withJournal(async (journal) => {
      for (const id of [3, 1, 2, 4]) await journal.append(outboxEntry(id));
      await journal.markFailed(outboxEntry(1).reference, temporary);
      await journal.markSent(outboxEntry(3).reference, receipt);
      await journal.markFailed(outboxEntry(4).reference, permanent);
      expect(await journal.pending()).toEqual([outboxEntry(1), outboxEntry(2)]);
      expect(await journal.highestId('isp-a.example')).toBe(4n);
      expect(await journal.highestId('isp-b.example')).toBeUndefined();
    }));

  it('takes an id once only, also when its message is gone', () =>
    withJournal(async (journal) => {
      await journal.append(outboxEntry(1));
      await expect(journal.append(outboxEntry(1))).rejects.toMatchObject({ code: 'EXCHANGE_ID_REUSED' });
      await journal.markSent(outboxEntry(1).reference, receipt);
      await expect(journal.append(outboxEntry(1))).rejects.toMatchObject({ code: 'EXCHANGE_ID_REUSED' });
    }));

  it('makes nothing of marks for what it does not hold', () =>
    withJournal(async (journal) => {
      await journal.markSent(outboxEntry(1).reference, receipt);
      await journal.markFailed(outboxEntry(1).reference, permanent);
      await journal.markHandled(inboxEntry(1).reference, outboxEntry(2));
      expect(await journal.pending()).toEqual([]);
    }));

  it('keeps what was given up, and why, until somebody drops it', () =>
    withJournal(async (journal) => {
      for (const id of [1, 2, 3]) await journal.append(outboxEntry(id));
      for (const id of [2, 1]) await journal.markFailed(outboxEntry(id).reference, permanent);
      const dead = (id: number) => ({ entry: outboxEntry(id), failure: permanent });
      expect(await journal.deadLetters()).toEqual([dead(2), dead(1)]);
      expect(await journal.drop(outboxEntry(2).reference)).toEqual(dead(2));
      expect(await journal.drop(outboxEntry(2).reference)).toBeUndefined();
      expect(await journal.drop(outboxEntry(3).reference)).toBeUndefined();
      expect(await journal.deadLetters()).toEqual([dead(1)]);
      expect(await journal.pending()).toEqual([outboxEntry(3)]);
      await expect(journal.append(outboxEntry(2))).rejects.toMatchObject({ code: 'EXCHANGE_ID_REUSED' });
    }));

  it('puts what was given up back behind the others, with a new age', () =>
    withJournal(async (journal) => {
      for (const id of [1, 2]) await journal.append(outboxEntry(id));
      await journal.markFailed(outboxEntry(1).reference, permanent);
      const again = { ...outboxEntry(1), atMs: 9_000 };
      expect(await journal.retry(outboxEntry(1).reference, 9_000)).toEqual(again);
      expect(await journal.retry(outboxEntry(1).reference, 9_000)).toBeUndefined();
      expect(await journal.deadLetters()).toEqual([]);
      expect(await journal.pending()).toEqual([outboxEntry(2), again]);
      await journal.markSent(outboxEntry(1).reference, receipt);
      expect(await journal.pending()).toEqual([outboxEntry(2)]);
    }));

  it('keeps a dead letter that the outbox has no room for', () =>
    withJournal(
      async (journal) => {
        await journal.append(outboxEntry(1));
        await journal.markFailed(outboxEntry(1).reference, permanent);
        await journal.append(outboxEntry(2));
        const retried = journal.retry(outboxEntry(1).reference, 1);
        await expect(retried).rejects.toMatchObject({ code: 'EXCHANGE_FULL', permanent: false });
        expect(await journal.deadLetters()).toHaveLength(1);
        expect(await journal.pending()).toEqual([outboxEntry(2)]);
      },
      { maxPending: 1 },
    ));

  it('makes a dead letter of what was sent and came back', () =>
    withJournal(async (journal) => {
      await journal.append(outboxEntry(1));
      expect(await journal.findSent(outboxEntry(1).reference)).toBeUndefined();
      await journal.markSent(outboxEntry(1).reference, receipt);
      expect(await journal.findSent(outboxEntry(1).reference)).toEqual(outboxEntry(1));
      await journal.markFailed(outboxEntry(1).reference, temporary);
      expect(await journal.findSent(outboxEntry(1).reference)).toEqual(outboxEntry(1));
      await journal.markFailed(outboxEntry(1).reference, permanent);
      expect(await journal.findSent(outboxEntry(1).reference)).toBeUndefined();
      expect(await journal.deadLetters()).toEqual([{ entry: outboxEntry(1), failure: permanent }]);
      expect(await journal.retry(outboxEntry(1).reference, 9_000)).toEqual({
        ...outboxEntry(1),
        atMs: 9_000,
      });
      await journal.markFailed(outboxEntry(1).reference, permanent);
      expect(await journal.deadLetters()).toHaveLength(1);
    }));

  it.each<[string, Partial<JournalLimits>]>([
    ['messages', { maxSent: 2 }],
    ['bytes', { maxSentBytes: 20 }],
  ])('limits what it keeps of what was sent by %s: the oldest leave', (_what, limits) =>
    withJournal(async (journal) => {
      for (const id of [1, 2, 3]) {
        await journal.append(outboxEntry(id, new Uint8Array(10)));
        await journal.markSent(outboxEntry(id).reference, receipt);
      }
      const kept = await Promise.all([1, 2, 3].map((id) => journal.findSent(outboxEntry(id).reference)));
      expect(kept.map((entry) => entry?.reference.id)).toEqual([undefined, '2', '3']);
      await journal.markFailed(outboxEntry(1).reference, permanent);
      expect(await journal.deadLetters()).toEqual([]);
    }, limits),
  );

  it.each<[string, Partial<JournalLimits>]>([
    ['messages', { maxDeadLetters: 2 }],
    ['bytes', { maxDeadLetterBytes: 20 }],
  ])('limits the dead letters by %s: the oldest leave', (_what, limits) =>
    withJournal(async (journal) => {
      for (const id of [1, 2, 3]) {
        await journal.append(outboxEntry(id, new Uint8Array(10)));
        await journal.markFailed(outboxEntry(id).reference, permanent);
      }
      expect((await journal.deadLetters()).map(({ entry }) => entry.reference.id)).toEqual(['2', '3']);
    }, limits),
  );

  it('tells what is new from repeats and from other messages of the same name', () =>
    withJournal(async (journal) => {
      expect(await journal.remember(inboxEntry(1))).toBe('new');
      expect(await journal.remember(inboxEntry(1))).toBe('repeat');
      await journal.markHandled(inboxEntry(1).reference);
      expect(await journal.remember(inboxEntry(1))).toBe('repeat');
      expect(await journal.remember(inboxEntry(1, Uint8Array.of(9)))).toBe('reused');
      expect(await journal.remember(inboxEntry(1, Uint8Array.of(1), 'isp-c.example'))).toBe('new');
    }));

  it('takes one of two that come at the same time', () =>
    withJournal(async (journal) => {
      const verdicts = await Promise.all([1, 2, 3].map(() => journal.remember(inboxEntry(1))));
      expect(verdicts.sort()).toEqual(['new', 'repeat', 'repeat']);
      expect(await journal.unhandled()).toHaveLength(1);
    }));

  it('keeps what came until it is handled, and its answer from then on', () =>
    withJournal(async (journal) => {
      await journal.remember(inboxEntry(1));
      await journal.remember(inboxEntry(2));
      expect(await journal.markHandled(inboxEntry(1).reference, outboxEntry(7))).toBe(true);
      expect(await journal.markHandled(inboxEntry(1).reference, outboxEntry(8))).toBe(false);
      expect(await journal.unhandled()).toEqual([inboxEntry(2)]);
      expect(await journal.pending()).toEqual([outboxEntry(7)]);
    }));

  it('keeps the message unhandled where its answer has no room', () =>
    withJournal(
      async (journal) => {
        await journal.append(outboxEntry(1));
        await journal.remember(inboxEntry(1));
        const marked = journal.markHandled(inboxEntry(1).reference, outboxEntry(2));
        await expect(marked).rejects.toMatchObject({ code: 'EXCHANGE_FULL', permanent: false });
        expect(await journal.unhandled()).toHaveLength(1);
        expect(await journal.pending()).toEqual([outboxEntry(1)]);
      },
      { maxPending: 1 },
    ));

  it.each<[string, Partial<JournalLimits>]>([
    ['messages', { maxPending: 2 }],
    ['messages of a partner', { maxPendingPerPartner: 2 }],
    ['bytes', { maxPendingBytes: 20 }],
  ])('limits the outbox by %s', (_what, limits) =>
    withJournal(async (journal) => {
      await journal.append(outboxEntry(1, new Uint8Array(10)));
      await journal.append(outboxEntry(2, new Uint8Array(10)));
      const third = outboxEntry(3, new Uint8Array(10));
      await expect(journal.append(third)).rejects.toMatchObject({ code: 'EXCHANGE_FULL', permanent: false });
      await journal.markSent(outboxEntry(1).reference, receipt);
      await journal.append(third);
    }, limits),
  );

  it.each<[string, Partial<JournalLimits>]>([
    ['messages', { maxUnhandled: 2 }],
    ['messages of a partner', { maxUnhandledPerPartner: 2 }],
    ['bytes', { maxUnhandledBytes: 20 }],
  ])('limits the inbox by %s', (_what, limits) =>
    withJournal(async (journal) => {
      await journal.remember(inboxEntry(1, new Uint8Array(10)));
      await journal.remember(inboxEntry(2, new Uint8Array(10)));
      const third = inboxEntry(3, new Uint8Array(10));
      await expect(journal.remember(third)).rejects.toMatchObject({
        code: 'EXCHANGE_FULL',
        permanent: false,
      });
      await journal.markHandled(inboxEntry(1).reference);
      expect(await journal.remember(third)).toBe('new');
    }, limits),
  );

  it('has room for others where one partner has filled its share', () =>
    withJournal(
      async (journal) => {
        await journal.append(outboxEntry(1));
        await expect(journal.append(outboxEntry(2))).rejects.toMatchObject({ code: 'EXCHANGE_FULL' });
        await journal.append({ ...outboxEntry(2), partner: 'isp-c.example' });
        await journal.remember(inboxEntry(1));
        await expect(journal.remember(inboxEntry(2))).rejects.toMatchObject({ code: 'EXCHANGE_FULL' });
        expect(await journal.remember(inboxEntry(2, Uint8Array.of(2), 'isp-c.example'))).toBe('new');
      },
      { maxPendingPerPartner: 1, maxUnhandledPerPartner: 1 },
    ));

  it('forgets the oldest references of a sender, and nobody else’s for it', () =>
    withJournal(
      async (journal) => {
        for (const id of [1, 2, 3]) {
          await journal.remember(inboxEntry(id));
          await journal.markHandled(inboxEntry(id).reference);
        }
        expect(await journal.remember(inboxEntry(3))).toBe('repeat');
        expect(await journal.remember(inboxEntry(1))).toBe('new');
        await journal.remember(inboxEntry(1, Uint8Array.of(1), 'isp-c.example'));
        expect(await journal.remember(inboxEntry(3))).toBe('repeat');
      },
      { maxSeenPerSender: 2 },
    ));
});
