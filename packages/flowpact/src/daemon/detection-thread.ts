import { parentPort, workerData } from 'node:worker_threads';
import { createTrafficTally } from '../watch/traffic-tally.ts';
import { createArchiveSender } from './archive-sender.ts';
import { createDetecting, type ModuleSnapshot } from './detecting.ts';
import type { DetectionRequests, DetectionTold, FindingsTaken } from './detection-messages.ts';
import type { FlowCredit, FlowMessage } from './flow-messages.ts';
import { createSnapshotFiles } from './snapshot-files.ts';
import type { DetectionThreadData } from './thread-data.ts';
import { answerRequest, type ThreadRequest } from './thread-requests.ts';
import { threadUsage } from './thread-usage.ts';

const tickMs = 1000;

const { maxFindings, fromCollector, archive, snapshotDirectory, snapshotEveryMs } =
  workerData as DetectionThreadData;
const tell = (told: DetectionTold) => parentPort?.postMessage(told);
const remark = (text: string) => tell({ kind: 'remark', text });
// With an archive the storage thread does that, which has more time.
const tally = archive === undefined ? createTrafficTally() : undefined;
const files = createSnapshotFiles(snapshotDirectory);
const detecting = createDetecting(
  { maxFindings },
  {
    remembered: (module) => files.read(module),
    remember: keep,
    ...(tally === undefined ? {} : { alsoRead: tally.reader }),
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
const ticking = setInterval(() => {
  detecting.tick();
  const parts = tally?.take() ?? [];
  if (parts.length > 0) tell({ kind: 'traffic', parts });
}, tickMs);
const writing = setInterval(writeSnapshots, snapshotEveryMs);
const collectorClosed = new Promise<void>((resolve) => fromCollector.once('close', () => resolve()));

function keep({ module, bytes }: ModuleSnapshot): void {
  try {
    files.write(module, bytes);
  } catch (error) {
    remark(`what ${module} holds could not be written: ${(error as Error).message}`);
  }
}

function writeSnapshots(): void {
  for (const snapshot of detecting.snapshots()) keep(snapshot);
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
      report: () => ({
        ...detecting.report(),
        droppedArchiveBatches: sender?.dropped ?? 0,
        usage: threadUsage(),
      }),
      exporters: () => detecting.exporters(),
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
