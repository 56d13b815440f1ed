import { compileMatch, readFlow } from '../rule/match-flow.ts';
import type { FlowReplay, TrafficFlow } from './flow-replay.ts';

/** A flow, and when it started, milliseconds since 1970. */
export interface TimedFlow extends TrafficFlow {
  readonly startMs: number;
}

/** Flows a batch, so that others get their turn. */
const batchSize = 2_000;

/** Flows in memory, the way that archives give them, but for being put together. For tests and for trials. */
export function createMemoryReplay(flows: Iterable<TimedFlow>): FlowReplay {
  return {
    async *replay({ fromMs, toMs, anyOf, limit }) {
      const tests = anyOf.map(compileMatch);
      const wanted: TimedFlow[] = [];
      for (const flow of flows) {
        if (flow.startMs < fromMs || flow.startMs >= toMs) continue;
        const read = readFlow(flow);
        if (read !== undefined && tests.some((test) => test(read) !== 'no')) wanted.push(flow);
      }
      wanted.sort((a, b) => b.octets - a.octets);
      for (let at = 0; at < Math.min(limit, wanted.length); at += batchSize) {
        yield wanted.slice(at, Math.min(limit, at + batchSize));
      }
    },
  };
}
