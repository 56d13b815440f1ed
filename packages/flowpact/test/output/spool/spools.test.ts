import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createVirtualClock } from '@flowpact/ipfix';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFileSpool } from '../../../src/output/spool/file-spool.ts';
import { createMemorySpool } from '../../../src/output/spool/memory-spool.ts';
import type { Spool } from '../../../src/output/spool/spool.ts';
import { temporaryFolder } from '../../cli/workspace.ts';

const folder = temporaryFolder();

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('append' as const),
      entries: fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), { maxLength: 20 }),
    }),
    fc.record({
      do: fc.constant('deliver' as const),
      maxEntries: fc.integer({ min: 1, max: 12 }),
      maxBytes: fc.integer({ min: 1, max: 400 }),
    }),
    fc.constant({ do: 'fail' as const }),
    fc.constant({ do: 'reopen' as const }),
  ),
  { maxLength: 60 },
);

/** A spool on files is opened anew as `kill -9` leaves it, before `close`. */
const kinds = {
  file: () => {
    const directory = mkdtempSync(join(folder, 'spool-'));
    const another = () =>
      createFileSpool(
        { directory, segmentBytes: 600, maxBytes: 1 << 20 },
        {
          clock: createVirtualClock(),
          onRemark: (text) => expect.unreachable(text),
        },
      );
    return { spool: another(), another };
  },
  memory: () => ({ spool: createMemorySpool(), another: undefined }),
} as const;

describe.each(Object.entries(kinds))('a spool (%s)', (_kind, make) => {
  it('gives back what it was given, in its order, until it is delivered', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const { spool: first, another } = make();
        let spool: Spool = first;
        await spool.open();
        const left: string[] = [];
        const all = async (maxEntries: number, maxBytes: number) => {
          const batch = await spool.take({ maxEntries, maxBytes });
          if (batch === undefined) expect(left).toEqual([]);
          else {
            expect(batch.entries.length).toBeGreaterThan(0);
            expect(batch.entries.length).toBeLessThanOrEqual(maxEntries);
            expect(batch.entries).toEqual(left.slice(0, batch.entries.length));
          }
          return batch;
        };
        for (const step of script) {
          switch (step.do) {
            case 'append':
              await spool.append(step.entries);
              left.push(...step.entries);
              break;
            case 'deliver': {
              const batch = await all(step.maxEntries, step.maxBytes);
              if (batch === undefined) break;
              await spool.remove(batch);
              left.splice(0, batch.entries.length);
              break;
            }
            case 'fail': {
              const batch = await all(5, 1000);
              if (batch === undefined) break;
              spool.release(batch);
              expect(spool.hold(batch)).toBe(true);
              break;
            }
            case 'reopen':
              if (another !== undefined) {
                const left = spool;
                spool = another();
                await spool.open();
                await left.close();
              }
              break;
            default:
              step satisfies never;
          }
          expect(spool.stats).toMatchObject({ waiting: left.length, dropped: 0 });
        }
        while (left.length > 0) {
          const batch = await all(7, 500);
          if (batch === undefined) throw new Error('too few');
          await spool.remove(batch);
          left.splice(0, batch.entries.length);
        }
        expect(await spool.take({ maxEntries: 1, maxBytes: 1 })).toBeUndefined();
        await spool.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(['file', 'memory'] as const)('a spool that is full (%s)', (kind) => {
  const entry = (number: number) => `${number}`.padStart(92, '.');
  const maxBytes = 1000;
  const open = async () => {
    const spool =
      kind === 'memory'
        ? createMemorySpool({ maxBytes })
        : createFileSpool(
            { directory: mkdtempSync(join(folder, 'full-')), maxBytes },
            { clock: createVirtualClock(), onRemark: () => undefined },
          );
    await spool.open();
    return spool;
  };
  const limit = { maxEntries: 100, maxBytes: 10_000 };

  it('lets the oldest go and counts them', async () => {
    const spool = await open();
    for (let i = 0; i < 30; i++) await spool.append([entry(i)]);
    const { waiting, dropped, bytes } = spool.stats;
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(waiting + dropped).toBe(30);
    expect(waiting).toBeGreaterThan(6);
    const batch = await spool.take(limit);
    expect(batch?.entries[0]).toBe(entry(dropped));
    await spool.close();
  });

  it('keeps what is being sent, and lets it go when it was not taken', async () => {
    const spool = await open();
    await spool.append([entry(0), entry(1)]);
    const batch = await spool.take(limit);
    if (batch === undefined) throw new Error('nothing there');
    for (let i = 2; i < 30; i++) await spool.append([entry(i)]);
    expect(spool.hold(batch)).toBe(true);
    spool.release(batch);
    for (let i = 30; i < 60; i++) await spool.append([entry(i)]);
    expect(spool.hold(batch)).toBe(false);
    // What is delivered all the same takes nothing with it.
    const { waiting, dropped } = spool.stats;
    expect(waiting + dropped).toBe(60);
    await spool.close();
  });

  it('drops what is too large for it', async () => {
    const spool = await open();
    await spool.append([entry(1), 'x'.repeat(2000), entry(2)]);
    expect((await spool.take(limit))?.entries).toEqual([entry(1), entry(2)]);
    await spool.close();
  });
});
