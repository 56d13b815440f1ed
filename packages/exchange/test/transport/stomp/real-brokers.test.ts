import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSystemRequired } from '../../../../../test/system-tool.ts';
import {
  createExchange,
  createMemoryJournal,
  createOpenPgpTrust,
  createStompTransport,
  type Exchange,
  flexCodec,
  type NewKey,
  type StompTransport,
  systemClock,
} from '../../../src/index.ts';
import { exampleEvent } from '../../example-event.ts';
import { keyOf } from '../../trust/trusted-networks.ts';
import { EventLog } from '../../two-networks.ts';
import { type RealBroker, realBrokers } from './real-brokers.ts';

interface Network {
  readonly exchange: Exchange;
  readonly stomp: StompTransport;
  readonly log: EventLog;
}

function network(
  broker: RealBroker,
  name: string,
  partner: string,
  keys: Readonly<Record<string, NewKey>>,
): Network {
  const log = new EventLog();
  let stomp: StompTransport | undefined;
  const { port, login, passcode } = broker;
  const exchange = createExchange(
    {
      self: { name },
      limits: { retryMs: 100, maxRetryMs: 1_000 },
      partners: [
        {
          party: { name: partner },
          languages: ['flex'],
          routes: [{ transport: 'stomp', address: `/queue/${partner}` }],
        },
      ],
    },
    {
      transports: [
        (deps) => {
          stomp = createStompTransport(
            {
              broker: { host: '127.0.0.1', port, ...(login !== undefined && { login, passcode }) },
              address: `/queue/${name}`,
              subscribe: [`/queue/${name}`],
              limits: { reconnectMs: 50, maxReconnectMs: 200, receiptTimeoutMs: 5_000 },
            },
            deps,
          );
          return stomp;
        },
      ],
      codecs: [flexCodec],
      journal: createMemoryJournal(),
      clock: systemClock,
      trust: createOpenPgpTrust(
        {
          self: name,
          keys: [{ armored: keys[name]!.privateKey }],
          partners: [{ partner, keys: [{ armored: keys[partner]!.publicKey }] }],
        },
        { clock: systemClock },
      ),
      decide: () => ({ status: 'accepted' }),
      onEvent: log.onEvent,
    },
  );
  return { exchange, stomp: stomp!, log };
}

describe.each(realBrokers)('two networks over $name', ({ program, apt, create }) => {
  it.skipIf(!isSystemRequired && !existsSync(program))(
    `tell each other of attacks, signed, also while the broker is killed [apt install ${apt}]`,
    { timeout: 120_000 },
    async () => {
      const broker = await create();
      try {
        await broker.start();
        const [a, b] = ['isp-a.example', 'isp-b.example'] as const;
        const madeMs = systemClock.now() - 60_000;
        const keys = { [a]: await keyOf(a, { madeMs }), [b]: await keyOf(b, { madeMs }) };
        const ours = network(broker, a, b, keys);
        const theirs = network(broker, b, a, keys);
        await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
        await Promise.all([ours.stomp.connected(), theirs.stomp.connected()]);
        const count = 100;
        for (let i = 0; i < count; i++) {
          await ours.exchange.alert(exampleEvent(3), 'isp-b.example');
          if (i !== count / 2) continue;
          await broker.kill();
          await broker.start();
        }
        await theirs.log.next('received', count);
        await ours.log.next('received', count);
        const conversations = ours.exchange.conversations();
        expect(conversations).toHaveLength(count);
        expect(new Set(conversations.map(({ turns }) => turns.length))).toEqual(new Set([2]));
        expect(theirs.exchange.conversations()).toHaveLength(count);
        await Promise.all([ours.exchange.stop(), theirs.exchange.stop()]);
      } finally {
        await broker.remove();
      }
    },
  );
});
