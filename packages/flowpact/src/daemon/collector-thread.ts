import { parentPort, workerData } from 'node:worker_threads';
import { type CollectorRequests, createCollecting } from './collecting.ts';
import type { FlowCredit } from './flow-messages.ts';
import type { CollectorThreadData } from './thread-data.ts';
import { answerRequest, type ThreadRequest } from './thread-requests.ts';
import { threadUsage } from './thread-usage.ts';

const { maxBatches, toDetection } = workerData as CollectorThreadData;
const collecting = createCollecting(
  { maxBatches },
  { post: (message, transfer) => toDetection.postMessage(message, transfer), now: Date.now },
);
toDetection.on('message', ({ batches }: FlowCredit) => collecting.credit(batches));
parentPort?.on('message', async (request: ThreadRequest) => {
  parentPort?.postMessage(
    await answerRequest<CollectorRequests>(request, {
      listen: (config) => collecting.listen(config),
      report: async () => ({ ...(await collecting.report()), usage: threadUsage() }),
      stop: async () => {
        await collecting.stop();
        toDetection.close();
      },
    }),
  );
});
