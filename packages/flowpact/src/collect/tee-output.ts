import type { RecordOutput } from './record-output.ts';
import { teeReader } from './tee-reader.ts';

/** Gives every record to several outputs; open as long as one of them is, as slow as the slowest. */
export function createTeeOutput(outputs: readonly RecordOutput[]): RecordOutput {
  if (outputs.length === 1) return outputs[0];
  const sum = (count: (output: RecordOutput) => number) =>
    outputs.reduce((total, output) => total + count(output), 0);
  return {
    openSession(source) {
      const sessions = outputs.map((output) => output.openSession(source));
      return {
        reader: teeReader(sessions.map(({ reader }) => reader)),
        end() {
          for (const session of sessions) session.end();
        },
      };
    },
    afterMessage() {
      for (const output of outputs) output.afterMessage();
    },
    get open() {
      return outputs.some(({ open }) => open);
    },
    get full() {
      return outputs.some(({ full }) => full);
    },
    async ready() {
      await Promise.all(outputs.map((output) => output.ready()));
    },
    async close() {
      const closed = await Promise.allSettled(outputs.map((output) => output.close()));
      const failed = closed.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    },
    get records() {
      return sum(({ records }) => records);
    },
    get dropped() {
      return sum(({ dropped }) => dropped);
    },
  };
}
