import { parentPort, workerData } from 'node:worker_threads';
import { createFlowArchive } from '@flowpact/store';
import type { FlowCredit, FlowMessage } from './flow-messages.ts';
import { createStoring, type StorageRequests, type StorageTold } from './storing.ts';
import type { StorageThreadData } from './thread-data.ts';
import { answerRequest, type ThreadRequest } from './thread-requests.ts';
import { threadUsage } from './thread-usage.ts';

const tellEveryMs = 1000;

const { directory, flushAfterMs, extraColumns, fromDetection } = workerData as StorageThreadData;
const tell = (told: StorageTold) => parentPort?.postMessage(told);
const archive = createFlowArchive(
  { directory, extraColumns, limits: { flushAfterMs } },
  {
    onSummary: (summary) => tell({ kind: 'summary', summary }),
    onFailure: ({ message }) => tell({ kind: 'remark', text: `archive: ${message}` }),
  },
);
await archive.start();
const storing = createStoring({ archive, now: Date.now });
const telling = setInterval(() => {
  const parts = storing.takeTraffic();
  if (parts.length > 0) tell({ kind: 'traffic', parts });
}, tellEveryMs);
const detectionClosed = new Promise<void>((resolve) => fromDetection.once('close', () => resolve()));

fromDetection.on('message', (message: FlowMessage) => {
  storing.take(message);
  if (message.kind === 'batch') {
    fromDetection.postMessage({ kind: 'credit', batches: 1 } satisfies FlowCredit);
  }
});
parentPort?.on('message', async (request: ThreadRequest) => {
  parentPort?.postMessage(
    await answerRequest<StorageRequests>(request, {
      report: () => ({ ...storing.report(), usage: threadUsage() }),
      flush: async () => {
        await archive.flush();
      },
      stop: async () => {
        // What detection sent before it closed its end comes first.
        await detectionClosed;
        clearInterval(telling);
        await archive.stop();
      },
    }),
  );
});
