import type { ProgramCall, RunProgram } from '../../../src/index.ts';

/** gobgp as far as it takes everything; what is in its tables is said beforehand. */
export interface FakeGobgp {
  readonly run: RunProgram;
  readonly calls: readonly ProgramCall[];
  /** The calls that change something, in words. */
  readonly changes: readonly string[];
  /** By family, as JSON; text as it is. */
  readonly ribs: Record<string, object | string>;
}

export function createFakeGobgp(): FakeGobgp {
  const calls: ProgramCall[] = [];
  const ribs: Record<string, object | string> = {};
  return {
    calls,
    ribs,
    get changes() {
      return calls.map(({ args }) => args.join(' ')).filter((words) => / rib (?:add|del) /.test(words));
    },
    async run(call) {
      calls.push(call);
      if (!call.args.includes('-j')) return '';
      const rib = ribs[call.args.at(-1) ?? ''] ?? {};
      return typeof rib === 'string' ? rib : JSON.stringify(rib);
    },
  };
}
