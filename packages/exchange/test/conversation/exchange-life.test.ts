import type { Outcome } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/index.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';
import { jsonCodec } from '../json-codec.ts';
import { a, b, documentOf, type End, end, messageFrom, started, transportWith } from './exchange-end.ts';

describe('the life of an exchange', () => {
  it('does not start with a configuration that cannot work', () => {
    expect(() => end(a, [a])).toThrow(/our own name/);
    expect(() => end(a, [b, b])).toThrow(/two partners/);
    expect(() => end(a, [b], { deps: { codecs: [jsonCodec, jsonCodec] } })).toThrow(/two codecs/);
  });

  it('closes everything again where a transport does not start', async () => {
    const calls: string[] = [];
    const transport = (kind: string, fails: boolean) => () =>
      transportWith({
        kind,
        async start() {
          calls.push(`start ${kind}`);
          if (fails) throw new Error('port taken');
        },
        async stop() {
          calls.push(`stop ${kind}`);
        },
      });
    const { exchange } = end(a, [b], { deps: { transports: [transport('x', false), transport('y', true)] } });
    await expect(exchange.start()).rejects.toThrow('port taken');
    expect(calls).toEqual(['start x', 'start y', 'stop x', 'stop y']);
  });

  it('starts and stops in the order of the calls', async () => {
    const { exchange } = end(a, [b]);
    const calls = [exchange.start(), exchange.stop(), exchange.stop(), exchange.start(), exchange.start()];
    await Promise.all(calls);
    await exchange.alert(exampleEvent(), b);
    await exchange.stop();
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_NOT_RUNNING' });
  });

  it('answers once what comes while it starts', async () => {
    const sent: string[] = [];
    let bring: End['bring'] = async () => {};
    const transport = transportWith({
      start: () => bring(documentOf(messageFrom(b))),
      async send({ reference }) {
        sent.push(reference.id);
        return { transport: 'memory', atMs: 1 };
      },
    });
    let decisions = 0;
    const { exchange, log } = end(a, [b], {
      deps: {
        transports: [
          (wiring) => {
            bring = wiring.onDocument;
            return transport;
          },
        ],
        decide: () => {
          decisions++;
          return { status: 'accepted' };
        },
      },
    });
    await exchange.start();
    await exchange.settled();
    expect(decisions).toBe(1);
    expect(sent).toHaveLength(1);
    expect(log.of('answered')).toHaveLength(1);
    await exchange.stop();
  });

  it('answers once where a decision outlives a stop', async () => {
    const decided: ((outcome: Outcome) => void)[] = [];
    const { exchange, bring, log } = await started(a, [b], {
      config: { limits: { stopTimeoutMs: 1 } },
      deps: { decide: () => new Promise<Outcome>((resolve) => decided.push(resolve)) },
    });
    await bring(documentOf(messageFrom(b)));
    await exchange.stop();
    await exchange.start();
    expect(decided).toHaveLength(2);
    for (const decide of decided) decide({ status: 'accepted' });
    await exchange.settled();
    expect(log.of('answered')).toHaveLength(1);
    await exchange.stop();
  });

  it('starts with messages in its journal that it can no longer read', async () => {
    const journal = createMemoryJournal();
    const old = { language: 'json', bytes: Uint8Array.of(1), atMs: exampleMs };
    await journal.append({ ...old, reference: { sender: a, id: '1' }, partner: b });
    await journal.remember({ ...old, reference: { sender: b, id: '1' }, partner: b });
    await journal.append({ ...old, reference: { sender: a, id: '2' }, partner: 'gone.example' });
    await journal.remember({
      ...old,
      reference: { sender: 'gone.example', id: '2' },
      partner: 'gone.example',
    });
    await journal.append({ ...old, reference: { sender: a, id: '3' }, partner: b, language: 'latin' });
    const { exchange, log } = await started(a, [b], { deps: { journal } });
    await exchange.settled();
    expect(log.of('handlingFailed')).toHaveLength(2);
    // What cannot be read will never be; what lacks its partner or its codec waits for the configuration to be mended.
    expect(log.of('sendFailed').map(({ reference, permanent }) => [reference.id, permanent])).toEqual(
      expect.arrayContaining([
        ['1', true],
        ['2', false],
        ['3', false],
      ]),
    );
    await exchange.stop();
  });

  it('closes what it can and tells what it could not', async () => {
    const journal = createMemoryJournal();
    let closed = 0;
    const transport = transportWith({ stop: () => Promise.reject(new Error('stuck')) });
    const { exchange } = await started(a, [b], {
      deps: {
        transports: [() => transport],
        journal: {
          ...journal,
          close: async () => {
            closed++;
          },
        },
      },
    });
    await expect(exchange.stop()).rejects.toThrow('stuck');
    expect(closed).toBe(1);
    await exchange.start();
    await expect(exchange.stop()).rejects.toThrow('stuck');
  });

  it('stops in a stated time, whatever is in flight', async () => {
    const never = new Promise<never>(() => {});
    const { exchange, bring, journal } = await started(a, [b], {
      config: { limits: { stopTimeoutMs: 20 } },
      deps: { decide: () => never },
    });
    await bring(documentOf(messageFrom(b)));
    await exchange.stop();
    expect(await journal.unhandled()).toHaveLength(1);
  });

  it('begins no attempt once it stops', async () => {
    let release = () => {};
    let attempts = 0;
    const transport = transportWith({
      async send() {
        attempts++;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { transport: 'memory', atMs: 1 };
      },
    });
    const { exchange, journal } = await started(a, [b], { deps: { transports: [() => transport] } });
    await exchange.alert(exampleEvent(), b);
    await exchange.alert(exampleEvent(), b);
    await new Promise(setImmediate);
    const stopped = exchange.stop();
    release();
    await stopped;
    expect(attempts).toBe(1);
    expect(await journal.pending()).toHaveLength(1);
  });
});
