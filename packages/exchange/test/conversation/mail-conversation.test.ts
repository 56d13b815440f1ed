import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFileJournal,
  createMemoryJournal,
  type ExchangeDeps,
  type ExchangeJournal,
  flexCodec,
  type OutgoingDocument,
  type SmtpListenLimits,
} from '../../src/index.ts';
import { exampleEvent } from '../example-event.ts';
import { type Forwarder, startForwarder } from '../forwarder.ts';
import { RawSmtpClient } from '../transport/smtp/raw-smtp-client.ts';
import { mailNetwork, type Network } from '../two-networks.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';
const scratch = mkdtempSync(join(tmpdir(), 'flowpact-exchange-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('two networks that talk FLEX by mail', () => {
  let relay: Forwarder;
  const networks: Network[] = [];

  beforeEach(async () => {
    relay = await startForwarder();
  });

  afterEach(async () => {
    for (const { exchange, smtp } of networks.splice(0)) {
      await exchange.stop();
      await smtp.stop();
    }
    await relay.stop();
    // What is closed leaves the list one turn of the event loop later.
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
    expect(process.getActiveResourcesInfo().filter((resource) => resource.startsWith('TCP'))).toEqual([]);
  });

  /** The network that starts things; its mail goes through the forwarder. */
  async function startA(deps: Partial<ExchangeDeps> = {}): Promise<Network> {
    const network = mailNetwork(a, b, { relayPort: relay.port, deps: { codecs: [flexCodec], ...deps } });
    networks.push(network);
    await network.exchange.start();
    return network;
  }

  /** The network that answers; from now on the forwarder leads to it. */
  async function startB(
    relayPort: number,
    deps: Partial<ExchangeDeps> = {},
    limits: Partial<SmtpListenLimits> = {},
  ): Promise<Network> {
    const listen = { limits };
    const network = mailNetwork(b, a, { relayPort, listen, deps: { codecs: [flexCodec], ...deps } });
    networks.push(network);
    await network.exchange.start();
    relay.target = network.smtp.address()!.port;
    return network;
  }

  it('carry an alert there and a feedback back, and a repeat changes nothing', async () => {
    const one = await startA();
    const other = await startB(one.smtp.address()!.port, {
      decide: () => ({ status: 'accepted', reason: 'we look into it' }),
    });

    const alert = await one.exchange.alert(exampleEvent(50), b);
    const received = await other.log.next('received');
    expect(received.message.event.flows?.groups[0]?.rows).toHaveLength(50);
    expect(Buffer.compare(flexCodec.encode(received.message), flexCodec.encode(alert))).toBe(0);
    const feedback = await one.log.next('received');
    expect(feedback.message.conversation?.inReplyTo).toEqual({ sender: a, id: alert.id });
    await one.exchange.settled();
    await other.exchange.settled();

    expect(one.exchange.conversations()).toMatchObject([
      {
        partner: b,
        status: 'answered',
        turns: [
          { kind: 'alert', direction: 'out', delivery: 'sent', reference: { sender: a, id: alert.id } },
          { kind: 'feedback', direction: 'in', outcome: { status: 'accepted', reason: 'we look into it' } },
        ],
      },
    ]);
    const state = JSON.stringify([one.exchange.conversations(), other.exchange.conversations()]);

    const again: OutgoingDocument = {
      to: { transport: 'smtp', address: `flex@${b}` },
      summary: { subject: 'again', text: 'again' },
      attachment: { name: 'x.flex', mediaType: flexCodec.mediaType, bytes: flexCodec.encode(alert) },
      reference: { sender: a, id: alert.id },
    };
    await one.smtp.send(again);
    await one.exchange.settled();
    await other.exchange.settled();
    expect(other.log.of('repeat')).toHaveLength(1);
    expect(other.log.of('answered')).toHaveLength(1);
    expect(one.log.of('received')).toHaveLength(1);
    expect(JSON.stringify([one.exchange.conversations(), other.exchange.conversations()])).toBe(state);
  });

  it('lose nothing where the sender dies between writing and sending', async () => {
    const directory = mkdtempSync(join(scratch, 'a'));
    const journal = createFileJournal({ directory });
    const dead = await startA({
      journal,
      // The attempt begins and the process ends: nothing is sent and nothing more is written.
      transports: [
        () => ({
          kind: 'smtp',
          start: async () => {},
          stop: async () => {},
          send: () => new Promise<never>(() => {}),
        }),
      ],
    });
    const alert = await dead.exchange.alert(exampleEvent(), b);
    networks.splice(networks.indexOf(dead), 1);
    await journal.close();

    const other = await startB(1, { decide: () => undefined });
    for (let run = 0; run < 3; run++) {
      const { exchange } = await startA({ journal: createFileJournal({ directory }) });
      await exchange.settled();
      await exchange.stop();
    }
    expect(other.log.of('received').map(({ message }) => message.id)).toEqual([alert.id]);
    expect(other.log.of('repeat')).toEqual([]);
  });

  it('show a message once where the sender dies between sending and noting it', async () => {
    const directory = mkdtempSync(join(scratch, 'a'));
    const journal = createFileJournal({ directory });
    const one = await startA({ journal: { ...journal, markSent: () => new Promise<never>(() => {}) } });
    const other = await startB(one.smtp.address()!.port, { decide: () => undefined });
    await one.exchange.alert(exampleEvent(), b);
    await other.log.next('received');
    await one.log.next('sent');
    networks.splice(networks.indexOf(one), 1);
    await one.smtp.stop();
    await journal.close();

    const second = await startA({ journal: createFileJournal({ directory }) });
    await other.log.next('repeat');
    await second.exchange.settled();
    expect(other.log.of('received')).toHaveLength(1);
    expect(other.exchange.conversations()).toHaveLength(1);
  });

  it('answer once where the receiver dies between acknowledging and answering', async () => {
    const directory = mkdtempSync(join(scratch, 'b'));
    const one = await startA();
    const port = one.smtp.address()!.port;
    const journal = createFileJournal({ directory });
    const dead = await startB(port, { journal, decide: () => new Promise<never>(() => {}) });
    const alert = await one.exchange.alert(exampleEvent(), b);
    await one.log.next('sent');
    networks.splice(networks.indexOf(dead), 1);
    await dead.smtp.stop();
    await journal.close();

    const other = await startB(port, {
      journal: createFileJournal({ directory }),
      decide: () => ({ status: 'confirmed' }),
    });
    const { message } = await one.log.next('received');
    expect(message.conversation).toMatchObject({
      inReplyTo: { sender: a, id: alert.id },
      outcome: { status: 'confirmed' },
    });
    await other.exchange.settled();
    await other.exchange.stop();
    await (await startB(port, { journal: createFileJournal({ directory }) })).exchange.settled();
    expect(one.log.of('received')).toHaveLength(1);
  });

  it('answer any mail, and only messages of partners are acted on', async () => {
    const journal: ExchangeJournal = createMemoryJournal();
    const other = await startB(1, { journal, decide: () => undefined }, { maxMessagesPerMinute: 1e9 });
    const client = await RawSmtpClient.open(other.smtp.address()!.port);
    await client.command('EHLO client.example');
    const whole = Buffer.from(
      flexCodec.encode({ kind: 'alert', id: '1', sender: { name: a }, createdMs: 0, event: exampleEvent(2) }),
    );
    const damaged = fc
      .tuple(fc.nat(whole.length), fc.nat(20), fc.uint8Array({ maxLength: 20 }))
      .map(([start, length, put]) =>
        Buffer.concat([whole.subarray(0, start), put, whole.subarray(start + length)]),
      );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      damaged.map((bytes) =>
        Buffer.from(
          `Content-Type: ${flexCodec.mediaType}\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}`,
        ),
      ),
    );
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(body, async (mail) => {
        await client.command(`MAIL FROM:<flex@${a}>`);
        await client.command(`RCPT TO:<flex@${b}>`);
        await client.command('DATA');
        const reply = await client.finish(mail);
        expect(reply).toMatch(/^(250|554) /);
        if (reply.startsWith('250')) taken++;
      }),
      { numRuns: Number(process.env.FLOWPACT_FUZZ_CASES ?? 100) },
    );
    client.destroy();
    await other.exchange.settled();
    expect(other.log.of('received').length + other.log.of('repeat').length).toBe(taken);
    for (const { message } of other.log.of('received')) expect(message.sender.name).toBe(a);
  });
});
