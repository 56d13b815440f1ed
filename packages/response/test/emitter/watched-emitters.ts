import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMemoryKeptRules } from '../../src/emitter/kept-rules.ts';
import {
  createAgentServer,
  createBlockListEmitter,
  createExabgpAgent,
  createExabgpApi,
  createExabgpEmitter,
  createGobgpEmitter,
  createMemoryEmitter,
  createNftablesEmitter,
  createWebhookEmitter,
  defaultAgentServer,
  defaultExabgpAgent,
  type Emitter,
  type EmitterKind,
  type KeptRule,
  ruleText,
} from '../../src/index.ts';
import { scratch } from '../scratch.ts';
import { createFakeExabgp } from './exabgp/fake-exabgp.ts';
import { createFakeGobgp } from './gobgp/fake-gobgp.ts';
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
      const deps = { api, state: createMemoryKeptRules(), clock, timers, log: () => {} };
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
      const run: typeof nft.run = async (call) => {
        const said = await nft.run(call);
        // What a rule lives by, for whoever is to withdraw it.
        const [, set] = /^add set inet flowpact (\w+)/m.exec(call.input ?? '') ?? [];
        if (set !== undefined) nft.table = [{ set: { name: set } }];
        return said;
      };
      const emitter = createNftablesEmitter({ name: 'wall' }, { run, clock });
      // Whoever has set a timeout has it in the table as a single address without its length.
      const asked = () => nft.scripts.map((script) => script.replace(/\{ (\S+) timeout/g, '{ $1/32 timeout'));
      return { emitter, asked };
    },
  },
  {
    kind: 'gobgp',
    async create() {
      const gobgp = createFakeGobgp();
      const run: typeof gobgp.run = async (call) => {
        const said = await gobgp.run(call);
        // A route of ours, for whoever is to withdraw it.
        if (call.args.includes('add')) gobgp.ribs['ipv4-flowspec'] = { key: [pathOf(call.args)] };
        return said;
      };
      return { emitter: createGobgpEmitter({ name: 'core' }, { run, clock }), asked: () => gobgp.changes };
    },
  },
  {
    kind: 'blockList',
    async create() {
      const written: string[] = [];
      const kept = createMemoryKeptRules();
      const format = {
        // Rules of all shapes are tried.
        objection: () => undefined,
        write: (rules: readonly KeptRule[]) => rules.map(({ rule }) => `${ruleText(rule)}\n`).join(''),
      };
      const path = join(scratch(), 'list.txt');
      const timers = { after: () => () => {} };
      const emitter = createBlockListEmitter(
        { name: 'list', path },
        {
          format,
          clock,
          timers,
          kept: { ...kept, write: (rules) => void written.push(JSON.stringify(rules)) },
        },
      );
      await emitter.start();
      return { emitter, asked: () => written.slice(1) };
    },
  },
  {
    kind: 'webhook',
    async create() {
      const asked: string[] = [];
      const request = async (_url: unknown, init?: RequestInit) => {
        asked.push(String(init?.body));
        return new Response('');
      };
      const config = {
        name: 'hook',
        url: 'https://example.net/rules',
        secret: Buffer.from('a secret of both sides'),
      };
      return { emitter: createWebhookEmitter(config, { fetch: request, clock }), asked: () => asked };
    },
  },
];

/** As GoBGP shows what was added, as far as its destination goes. */
function pathOf(args: readonly string[]): object {
  const prefix = args[args.indexOf('destination') + 1];
  const community = { type: 8, communities: [64496 * 65536 + 8955] };
  const discard = { type: 16, value: [{ type: 128, subtype: 6, rate: 0 }] };
  return { nlri: { value: [{ type: 1, value: { prefix } }] }, attrs: [community, discard] };
}
