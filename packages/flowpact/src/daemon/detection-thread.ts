import { parentPort, workerData } from 'node:worker_threads';
import { createDetecting } from './detecting.ts';
import type { DetectionRemark, DetectionRequests, FindingsTaken } from './detection-messages.ts';
import type { FlowCredit, FlowMessage } from './flow-messages.ts';
import type { DetectionThreadData } from './thread-data.ts';
import { answerRequest, type ThreadRequest } from './thread-requests.ts';

const tickMs = 1000;

const { maxFindings, fromCollector } = workerData as DetectionThreadData;
const detecting = createDetecting(
  { maxFindings },
  {
    find: (finding) => parentPort?.postMessage(finding),
    remark: (text) => parentPort?.postMessage({ kind: 'remark', text } satisfies DetectionRemark),
    now: Date.now,
  },
);
const ticking = setInterval(() => detecting.tick(), tickMs);
const collectorClosed = new Promise<void>((resolve) => fromCollector.once('close', () => resolve()));

fromCollector.on('message', (message: FlowMessage) => {
  detecting.take(message);
  if (message.kind === 'batch') {
    fromCollector.postMessage({ kind: 'credit', batches: 1 } satisfies FlowCredit);
  }
});
parentPort?.on('message', async (message: ThreadRequest | FindingsTaken) => {
  if (message.kind === 'taken') {
    detecting.taken(message.findings);
    return;
  }
  parentPort?.postMessage(
    await answerRequest<DetectionRequests>(message, {
      modules: (modules) => detecting.useModules(modules) as undefined,
      report: () => ({ ...detecting.report(), droppedArchiveBatches: 0 }),
      stop: async () => {
        // What the collector sent before it closed its end comes first.
        await collectorClosed;
        clearInterval(ticking);
      },
    }),
  );
});
