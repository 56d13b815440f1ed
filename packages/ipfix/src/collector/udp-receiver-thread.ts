import { parentPort, workerData } from 'node:worker_threads';
import { createUdpReceiver } from './udp-receiver.ts';
import type { ToUdpReceiver } from './udp-receiver-protocol.ts';

/** Runs a receiver in the thread that this module is the beginning of. */
const receiver = createUdpReceiver(workerData, {
  post: (message, transfer = []) => parentPort?.postMessage(message, [...transfer]),
});
parentPort?.on('message', (message: ToUdpReceiver) => {
  void receiver.take(message).then(() => {
    if (message.kind === 'stop') parentPort?.close();
  });
});
