import { setImmediate } from 'node:timers/promises';
import { compileMatch, type FlowReplay, readFlow, type TrafficFlow } from '@flowpact/response';
import { trafficReader } from '../response/file-replay.ts';
import type { FlowMemory } from './flow-memory.ts';

/** Flows read at once, some 20 ms, so that others get their turn. */
const flowsAtOnce = 2_000;
/** Flows come some time after their start: exporters tell of long ones every few minutes. */
const longestFlowMs = 600_000;

/** The flows kept in memory, for rules to be tried on; of more than are wanted, the latest. */
export function createFlowMemoryReplay(memory: FlowMemory): FlowReplay {
  return {
    async *replay({ fromMs, toMs, anyOf, limit }) {
      const tests = anyOf.map(compileMatch);
      let wanted: TrafficFlow[] = [];
      let flows = 0;
      /** Of the flows of one set, the latest start; undefined: it had none. */
      let latestMs: number | undefined;
      const reader = trafficReader((flow, startMs) => {
        flows++;
        latestMs = Math.max(latestMs ?? startMs, startMs);
        if (startMs < fromMs || startMs >= toMs) return;
        const read = readFlow(flow);
        if (read !== undefined && tests.some((test) => test(read) !== 'no')) wanted.push(flow);
      });
      let left = limit;
      for (let newest = memory.sets - 1, isOver = false; !isOver && left > 0; ) {
        flows = 0;
        isOver = true;
        memory.readBack(
          reader,
          (set) => {
            newest = set - 1;
            isOver = set === 0 || (latestMs !== undefined && latestMs < fromMs - longestFlowMs);
            latestMs = undefined;
            return !isOver && flows < flowsAtOnce;
          },
          newest,
        );
        yield wanted.slice(0, left);
        left -= wanted.length;
        wanted = [];
        await setImmediate();
      }
    },
  };
}
