import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFlowArchive, rowsOf } from '../../src/index.ts';
import { newDirectory, startMs, withStore } from '../scratch.ts';

const hourMs = 3_600_000;

/** Ten flows, two in each hour, told apart by their source ports. */
async function tenFlows(): Promise<string> {
  const directory = newDirectory();
  const archive = createFlowArchive({ directory: join(directory, 'flows') });
  await archive.start();
  for (let i = 0; i < 10; i++) {
    archive.append({
      flowStartMilliseconds: startMs + Math.floor(i / 2) * hourMs,
      sourceTransportPort: i,
      packetDeltaCount: 2,
      octetDeltaCount: 100,
      samplingInterval: 10,
    });
  }
  await archive.stop();
  return directory;
}

describe('questions about flows', () => {
  it('lists the latest first, page by page, those of one moment in one order', async () => {
    const directory = await tenFlows();
    await withStore({ directory }, async (store) => {
      const page = async (offset: number) =>
        (
          await rowsOf(
            await store.flows({ columns: ['sourceTransportPort'], order: 'latest', limit: 4, offset }),
          )
        ).flat();
      expect([await page(0), await page(4), await page(8)]).toEqual([
        [8, 9, 6, 7],
        [4, 5, 2, 3],
        [0, 1],
      ]);
    });
  });

  it('sums up, as exported and at the sampling rate', async () => {
    const directory = await tenFlows();
    await withStore({ directory }, async (store) => {
      expect(await rowsOf(await store.flowTotals({ fromMs: startMs + hourMs }))).toEqual([[8, 16, 800]]);
      expect(await rowsOf(await store.flowTotals({ counts: 'scaled' }))).toEqual([[10, 200, 10_000]]);
    });
  });

  it('knows the hours that have flows', async () => {
    const directory = await tenFlows();
    await withStore({ directory }, async (store) => {
      const fromMs = startMs - (startMs % hourMs);
      expect(await store.flowSpan()).toEqual({ fromMs, toMs: fromMs + 5 * hourMs });
    });
    await withStore({}, async (store) => expect(await store.flowSpan()).toBeUndefined());
  });
});
