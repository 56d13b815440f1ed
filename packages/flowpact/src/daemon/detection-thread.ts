import { parentPort, workerData } from 'node:worker_threads';
import { createArchiveSender } from './archive-sender.ts';
import { createDetecting } from './detecting.ts';
import type { DetectionRemark, DetectionRequests, FindingsTaken } from './detection-messages.ts';
import type { FlowCredit, FlowMessage } from './flow-messages.ts';
import { createSnapshotFiles } from './snapshot-files.ts';
import type { DetectionThreadData } from './thread-data.ts';
import { answerRequest, type ThreadRequest } from './thread-requests.ts';

const tickMs = 1000;

const { maxFindings, fromCollector, archive, snapshotDirectory, snapshotEveryMs } =
  workerData as DetectionThreadData;
const remark = (text: string) => parentPort?.postMessage({ kind: 'remark', text } satisfies DetectionRemark);
const files = createSnapshotFiles(snapshotDirectory);
const detecting = createDetecting(
  { maxFindings },
  {
    remembered: (module) => files.read(module),
    find: (finding) => parentPort?.postMessage(finding),
    remark,
    now: Date.now,
  },
);
const sender =
  archive &&
  createArchiveSender({ maxBatches: archive.maxBatches }, (message, transfer) =>
    archive.toStorage.postMessage(message, transfer),
  );
archive?.toStorage.on('message', ({ batches }: FlowCredit) => sender?.credit(batches));
const ticking = setInterval(() => detecting.tick(), tickMs);
const writing = setInterval(writeSnapshots, snapshotEveryMs);
const collectorClosed = new Promise<void>((resolve) => fromCollector.once('close', () => resolve()));

function writeSnapshots(): void {
  try {
    for (const { module, bytes } of detecting.snapshots()) files.write(module, bytes);
  } catch (error) {
    remark(`what modules hold could not be written: ${(error as Error).message}`);
  }
}

fromCollector.on('message', (message: FlowMessage) => {
  detecting.take(message);
  if (message.kind === 'batch') {
    fromCollector.postMessage({ kind: 'credit', batches: 1 } satisfies FlowCredit);
  }
  sender?.take(message);
});
parentPort?.on('message', async (message: ThreadRequest | FindingsTaken) => {
  if (message.kind === 'taken') {
    detecting.taken(message.findings);
    return;
  }
  parentPort?.postMessage(
    await answerRequest<DetectionRequests>(message, {
      modules: (modules) => detecting.useModules(modules) as undefined,
      report: () => ({ ...detecting.report(), droppedArchiveBatches: sender?.dropped ?? 0 }),
      stop: async () => {
        // What the collector sent before it closed its end comes first.
        await collectorClosed;
        clearInterval(ticking);
        clearInterval(writing);
        writeSnapshots();
        archive?.toStorage.close();
      },
    }),
  );
});
