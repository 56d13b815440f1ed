import { type MessagePort, Worker } from 'node:worker_threads';
import {
  createThreadRequests,
  type RequestMap,
  type ThreadAnswer,
  type ThreadRequests,
} from './thread-requests.ts';

export interface WorkerThreadConfig {
  /** For messages. */
  readonly name: string;
  /** Its first module, without extension, beside this one. */
  readonly module: string;
  readonly workerData: { readonly [key: string]: unknown };
  readonly transfer?: readonly MessagePort[];
}

export interface WorkerThreadDeps<Told> {
  /** What the thread says beside answers. */
  onTold(told: Told): void;
  /** It ended although nobody had asked it to. */
  onDeath(error: Error): void;
}

/** A thread that can be asked. */
export interface WorkerThread<Map extends RequestMap, Heard> {
  readonly ask: ThreadRequests<Map>['ask'];
  tell(message: Heard): void;
  /** Ends the thread at once. */
  terminate(): Promise<void>;
}

/** Threads cannot run TypeScript: where this file is a source, as in tests, they get what was built of it. */
const folder = import.meta.url.endsWith('.ts') ? '../../dist/daemon/' : './';

export function startWorkerThread<Map extends RequestMap, Told, Heard = never>(
  { name, module, workerData, transfer = [] }: WorkerThreadConfig,
  { onTold, onDeath }: WorkerThreadDeps<Told>,
): WorkerThread<Map, Heard> {
  const worker = new Worker(new URL(`${folder}${module}.js`, import.meta.url), {
    name,
    workerData,
    transferList: [...transfer],
  });
  const requests = createThreadRequests<Map>(name, worker);
  let terminating = false;
  let failure: Error | undefined;
  worker.on('message', (message: ThreadAnswer | Told) => {
    if (isAnswer(message)) requests.take(message);
    else onTold(message);
  });
  worker.on('error', (error) => {
    failure = error;
  });
  worker.on('exit', (code) => {
    const reason = failure === undefined ? `ended with code ${code}` : `failed: ${failure.message}`;
    requests.end(reason);
    if (!terminating) onDeath(new Error(`the ${name} thread ${reason}`, { cause: failure }));
  });
  return {
    ask: requests.ask,
    tell: (message) => worker.postMessage(message),
    async terminate() {
      terminating = true;
      await worker.terminate();
    },
  };
}

function isAnswer(message: unknown): message is ThreadAnswer {
  const { kind } = message as { kind?: unknown };
  return kind === 'answer' || kind === 'failure';
}
