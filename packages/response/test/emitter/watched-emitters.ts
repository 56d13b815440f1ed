import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMemoryAgentState } from '../../src/emitter/exabgp/agent-state.ts';
import {
  createAgentServer,
  createExabgpAgent,
  createExabgpApi,
  createExabgpEmitter,
  createMemoryEmitter,
  createNftablesEmitter,
  defaultAgentServer,
  defaultExabgpAgent,
  type Emitter,
  type EmitterKind,
} from '../../src/index.ts';
import { scratch } from '../scratch.ts';
import { createFakeExabgp } from './exabgp/fake-exabgp.ts';
import { createFakeNft } from './nftables/fake-nft.ts';

/** An emitter whose other side is a fake that keeps what it was asked. */
export interface WatchedEmitter {
  readonly emitter: Emitter;
  /** Everything that went to the other side, as text. */
  asked(): readonly string[];
}

/** The time of what they are told. */
export const watchedNowMs = Date.UTC(2030, 0, 1);
const clock = { now: () => watchedNowMs };

/** Every kind of emitter, for tests that hold for all of them. */
export const watchedEmitters: readonly {
  readonly kind: EmitterKind | 'memory';
  create(): Promise<WatchedEmitter>;
}[] = [
  {
    kind: 'memory',
    async create() {
      const emitter = createMemoryEmitter();
      return { emitter, asked: () => emitter.calls.map((call) => JSON.stringify(call)) };
    },
  },
  {
    kind: 'exabgp',
    async create() {
      const exabgp = createFakeExabgp();
      const timers = { after: () => () => {} };
      const api = createExabgpApi({ ...exabgp, timers, onEnd: () => {} });
      const deps = { api, state: createMemoryAgentState(), clock, timers, log: () => {} };
      const agent = createExabgpAgent(defaultExabgpAgent, deps);
      const socket = join(scratch(), 'agent.sock');
      const server = createAgentServer({ ...defaultAgentServer, socket }, agent);
      await server.start();
      await agent.start();
      onTestFinished(() => server.stop());
      return { emitter: createExabgpEmitter({ name: 'edge', socket }), asked: () => exabgp.commands };
    },
  },
  {
    kind: 'nftables',
    async create() {
      const nft = createFakeNft();
      const emitter = createNftablesEmitter({ name: 'wall' }, { run: nft.run, clock });
      // Whoever has set a timeout has it in the table as a single address without its length.
      const asked = () => nft.scripts.map((script) => script.replace(/\{ (\S+) timeout/g, '{ $1/32 timeout'));
      return { emitter, asked };
    },
  },
];
