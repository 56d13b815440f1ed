import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createExchange,
  createMemoryJournal,
  createOpenPgpTrust,
  createSmtpTransport,
  type Exchange,
  flexCodec,
  type NewKey,
  type SmtpTransport,
  systemClock,
} from '../../../src/index.ts';
import { exampleEvent } from '../../example-event.ts';
import { keyOf } from '../../trust/trusted-networks.ts';
import { EventLog } from '../../two-networks.ts';
import { Postfix, skipPostfix } from './postfix.ts';
import { testCertificate } from './test-certificate.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';

interface Network {
  readonly exchange: Exchange;
  readonly smtp: SmtpTransport;
  readonly log: EventLog;
}

function network(
  relay: Postfix,
  name: string,
  partner: { readonly name: string; readonly address?: string },
  keys: Readonly<Record<string, NewKey>>,
): Network {
  const log = new EventLog();
  let smtp: SmtpTransport | undefined;
  const exchange = createExchange(
    {
      self: { name },
      limits: { retryMs: 100, maxRetryMs: 500 },
      partners: [
        {
          party: { name: partner.name },
          languages: ['flex'],
          routes: [{ transport: 'smtp', address: partner.address ?? `flex@${partner.name}` }],
        },
      ],
    },
    {
      transports: [
        (wiring) => {
          smtp = createSmtpTransport(
            {
              from: `flex@${name}`,
              relay: {
                host: '127.0.0.1',
                port: relay.port,
                requireTls: true,
                tls: { ca: testCertificate.cert },
              },
              listen: {
                port: 0,
                recipients: [`flex@${name}`],
                tls: testCertificate,
                limits: { maxMessagesPerMinute: 10_000 },
              },
            },
            wiring,
          );
          return smtp;
        },
      ],
      codecs: [flexCodec],
      journal: createMemoryJournal(),
      clock: systemClock,
      trust: createOpenPgpTrust(
        {
          self: name,
          keys: [{ armored: keys[name]!.privateKey }],
          partners: [{ partner: partner.name, keys: [{ armored: keys[partner.name]!.publicKey }] }],
        },
        { clock: systemClock },
      ),
      decide: () => ({ status: 'accepted' }),
      onEvent: log.onEvent,
    },
  );
  return { exchange, smtp: smtp!, log };
}

describe.skipIf(skipPostfix)(
  'two networks behind Postfix [apt install postfix, as root]',
  {
    timeout: 180_000,
  },
  () => {
    let relay: Postfix;
    let keys: Readonly<Record<string, NewKey>>;
    const running: Exchange[] = [];

    beforeEach(async () => {
      relay = await Postfix.create();
      const madeMs = systemClock.now() - 60_000;
      keys = { [a]: await keyOf(a, { madeMs }), [b]: await keyOf(b, { madeMs }) };
    });

    afterEach(async () => {
      for (const exchange of running.splice(0)) await exchange.stop();
      await relay.remove();
    }, 60_000);

    async function start(partnerOfA: {
      name: string;
      address?: string;
    }): Promise<[Network, Network, () => Promise<void>]> {
      const ours = network(relay, a, partnerOfA, keys);
      const theirs = network(relay, b, { name: a }, keys);
      for (const { exchange } of [ours, theirs]) {
        await exchange.start();
        running.push(exchange);
      }
      const routes = { [a]: ours.smtp.address()!.port, [b]: theirs.smtp.address()!.port };
      const startRelay = () => relay.start(routes);
      await startRelay();
      return [ours, theirs, startRelay];
    }

    it('tell each other of attacks, signed, by STARTTLS, also while it is killed and started again', async () => {
      const [ours, theirs, startRelay] = await start({ name: b });
      const count = 60;
      for (let i = 0; i < count; i++) {
        await ours.exchange.alert(exampleEvent(3), b);
        if (i !== count / 2) continue;
        await theirs.log.next('received');
        await relay.kill();
        await startRelay();
      }
      await theirs.log.next('received', count);
      await ours.log.next('received', count);
      const conversations = ours.exchange.conversations();
      expect(conversations).toHaveLength(count);
      expect(new Set(conversations.map(({ turns }) => turns.length))).toEqual(new Set([2]));
      expect(theirs.log.of('received')).toHaveLength(count);
      expect(theirs.log.of('answered')).toHaveLength(count);
      expect(relay.log()).toMatch(/connect from localhost/);
    });

    it('learn from a bounce that nobody has that address', async () => {
      const [ours] = await start({ name: b, address: 'nobody@isp-b.example' });
      const { id } = await ours.exchange.alert(exampleEvent(), b);
      const { report, effect } = await ours.log.next('deliveryReport');
      expect(effect).toBe('deadLetter');
      expect(report).toMatchObject({
        reference: { sender: a, id },
        recipient: 'nobody@isp-b.example',
        action: 'failed',
        status: expect.stringMatching(/^5\./),
        diagnostic: expect.stringContaining('no such recipient here'),
      });
      expect(await ours.exchange.deadLetters()).toHaveLength(1);
    });
  },
);
