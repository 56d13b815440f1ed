import type { ProgramCall, RunProgram } from '../../../src/index.ts';

/** nft as far as it takes everything; what is listed is said beforehand. */
export interface FakeNft {
  readonly run: RunProgram;
  readonly calls: readonly ProgramCall[];
  /** The scripts that were not only checked. */
  readonly scripts: readonly string[];
  /** What is in the table, as JSON. */
  table: readonly object[];
  /** What it says no to. */
  fails: (call: ProgramCall) => boolean;
}

export function createFakeNft(): FakeNft {
  const calls: ProgramCall[] = [];
  const fake: FakeNft = {
    calls,
    get scripts() {
      return calls.filter(({ args }) => args.join(' ') === '-f -').map(({ input = '' }) => input);
    },
    table: [],
    fails: () => false,
    async run(call) {
      calls.push(call);
      if (fake.fails(call)) throw new Error('nft says no');
      return call.args.includes('list') ? JSON.stringify({ nftables: fake.table }) : '';
    },
  };
  return fake;
}
