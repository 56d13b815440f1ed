import { describe, expect, it } from 'vitest';
import { createMemoryJournal, createMemoryNetwork, ExchangeError } from '../../src/index.ts';
import { exampleEvent } from '../example-event.ts';
import { jsonCodec } from '../json-codec.ts';
import { partnerNamed } from '../two-networks.ts';
import { a, b, c, end, messageFrom, started, transportWith } from './exchange-end.ts';

describe('what goes out', () => {
  it('is refused where it cannot be promised', async () => {
    const made = end(a, [b], {
      config: { partners: [partnerNamed(b, 'pigeon'), partnerNamed(c, 'memory', ['latin'])] },
    });
    const { exchange, journal } = made;
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_NOT_RUNNING' });
    await exchange.start();
    await expect(exchange.alert(exampleEvent(), 'x')).rejects.toMatchObject({
      code: 'EXCHANGE_UNKNOWN_PARTNER',
    });
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_NO_ROUTE' });
    await expect(exchange.alert(exampleEvent(), c)).rejects.toMatchObject({ code: 'EXCHANGE_NO_ROUTE' });
    expect(await journal.pending()).toEqual([]);
    await exchange.stop();
  });

  it('is refused where the language cannot say it or it is too large', async () => {
    const { exchange } = await started(a, [b], { config: { limits: { maxMessageBytes: 100 } } });
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_BAD_MESSAGE' });
    await exchange.stop();
    const mute = {
      ...jsonCodec,
      encode: () => {
        throw new Error('no word for it');
      },
    };
    const other = await started(a, [b], { deps: { codecs: [mute] } });
    await expect(other.exchange.alert(exampleEvent(), b)).rejects.toThrow(/no word for it/);
    await other.exchange.stop();
  });

  it('is in the journal before it is tried', async () => {
    const journal = createMemoryJournal();
    let pendingWhenSent = -1;
    const transport = transportWith({
      async send() {
        pendingWhenSent = (await journal.pending()).length;
        return { transport: 'memory', atMs: 1 };
      },
    });
    const { exchange, log } = await started(a, [b], { deps: { journal, transports: [() => transport] } });
    await exchange.alert(exampleEvent(), b);
    await log.next('sent');
    expect(pendingWhenSent).toBe(1);
    await exchange.stop();
    expect(await journal.pending()).toEqual([]);
  });

  it('goes to each partner in its order, and to no partner later for the sake of another', async () => {
    const sent: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const transport = transportWith({
      async send({ to, reference }) {
        if (to.address === `flex@${b}`) await held;
        sent.push(`${reference.id} ${to.address}`);
        return { transport: 'memory', atMs: 1 };
      },
    });
    let next = 0;
    const { exchange, log } = await started(a, [b, c], {
      deps: { transports: [() => transport], nextMessageId: () => String(++next) },
    });
    for (const to of [b, b, c, b, c]) await exchange.alert(exampleEvent(1), to);
    await log.next('sent', 2);
    expect(sent).toEqual([`3 flex@${c}`, `5 flex@${c}`]);
    release();
    await exchange.settled();
    expect(sent.slice(2)).toEqual([`1 flex@${b}`, `2 flex@${b}`, `4 flex@${b}`]);
    await exchange.stop();
  });

  it('tries again what failed for now, and no more after it has stopped', async () => {
    let attempts = 0;
    const one = await started(a, [b], {
      config: { limits: { retryMs: 2, maxRetryMs: 4 } },
      deps: {
        transports: [
          () =>
            transportWith({
              send: async () => {
                if (++attempts % 4 !== 0) throw new Error('not now');
                return { transport: 'memory', atMs: 1 };
              },
            }),
        ],
      },
    });
    await one.exchange.alert(exampleEvent(), b);
    await one.log.next('sent');
    expect(attempts).toBe(4);
    expect(one.log.of('sendFailed')).toHaveLength(3);
    expect(await one.journal.pending()).toEqual([]);
    await one.exchange.alert(exampleEvent(), b);
    await one.log.next('sendFailed', 4);
    await one.exchange.stop();
    expect(attempts).toBeLessThan(8);
  });

  it('stays in the outbox while nobody is there, and goes with the next start', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    await one.exchange.alert(exampleEvent(), b);
    expect(await one.log.next('sendFailed')).toMatchObject({
      permanent: false,
      reason: `nobody listens at flex@${b}`,
    });
    await one.exchange.stop();
    const other = await started(b, [a], { network });
    await one.exchange.start();
    await one.log.next('received');
    await one.exchange.settled();
    expect(one.exchange.conversations()).toMatchObject([
      { status: 'answered', turns: [{ delivery: 'sent' }, {}] },
    ]);
    expect(await one.journal.pending()).toEqual([]);
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('is given up where it is refused for good', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    const other = await started(b, [c], { network });
    await one.exchange.alert(exampleEvent(), b);
    expect(await one.log.next('sendFailed')).toMatchObject({ permanent: true });
    await one.exchange.settled();
    expect(await one.journal.pending()).toEqual([]);
    expect(one.exchange.conversations()).toMatchObject([{ turns: [{ delivery: 'failed' }] }]);
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('waits among the dead letters, to be sent again or dropped', async () => {
    let verdict: 'refused' | 'taken' = 'refused';
    const send = async () => {
      if (verdict === 'taken') return { transport: 'memory', atMs: 1 };
      throw new ExchangeError('EXCHANGE_SEND_FAILED', 'no such mailbox', { permanent: true });
    };
    const one = await started(a, [b], { deps: { transports: [() => transportWith({ send })] } });
    const ids = [await one.exchange.alert(exampleEvent(), b), await one.exchange.alert(exampleEvent(), b)];
    const [first, second] = ids.map(({ id }) => ({ sender: a, id }));
    await one.exchange.settled();
    expect(await one.exchange.deadLetters()).toMatchObject([
      { entry: { reference: first, partner: b }, failure: { reason: 'no such mailbox', permanent: true } },
      { entry: { reference: second } },
    ]);
    verdict = 'taken';
    expect(await one.exchange.drop(second!)).toBe(true);
    expect(await one.exchange.drop(second!)).toBe(false);
    expect(await one.exchange.retry(first!)).toBe(true);
    expect(await one.exchange.retry(first!)).toBe(false);
    await one.exchange.settled();
    expect(one.log.events.slice(-3)).toMatchObject([
      { kind: 'dropped', reference: second, partner: b },
      { kind: 'retried', reference: first, partner: b },
      { kind: 'sent', message: { id: first!.id } },
    ]);
    expect(await one.exchange.deadLetters()).toEqual([]);
    expect(await one.journal.pending()).toEqual([]);
    const deliveries = one.exchange.conversations().map(({ turns }) => turns[0]);
    expect(deliveries).toMatchObject([{ delivery: 'sent' }, { delivery: 'failed' }]);
    await one.exchange.stop();
    await expect(one.exchange.deadLetters()).rejects.toMatchObject({ code: 'EXCHANGE_NOT_RUNNING' });
  });

  it('is given up where it fails for now for too long, and not before', async () => {
    let nowMs = 1_000_000;
    const send = async () => {
      throw new ExchangeError('EXCHANGE_SEND_FAILED', 'nobody there');
    };
    const deps = { clock: { now: () => nowMs }, transports: [() => transportWith({ send })] };
    const one = await started(a, [b], { config: { limits: { retryMs: 1, maxSendAgeMs: 60_000 } }, deps });
    await one.exchange.alert(exampleEvent(), b);
    nowMs += 59_999;
    await one.log.next('sendFailed', 3);
    expect(one.log.of('sendFailed').some(({ permanent }) => permanent)).toBe(false);
    nowMs += 1;
    while (!one.log.of('sendFailed').at(-1)!.permanent) {
      await one.log.next('sendFailed', one.log.of('sendFailed').length + 1);
    }
    await one.exchange.settled();
    expect(await one.exchange.deadLetters()).toMatchObject([
      { failure: { reason: 'given up, after attempts since 1970-01-01T00:16:40.000Z: nobody there' } },
    ]);
    expect(await one.journal.pending()).toEqual([]);
    await one.exchange.stop();
  });

  it('bears ids that only rise, also where the clock does not', async () => {
    const { exchange } = await started(a, [b], { deps: { clock: { now: () => 1_000 } } });
    const sent: string[] = [];
    for (let i = 0; i < 3; i++) sent.push((await exchange.alert(exampleEvent(), b)).id);
    expect(sent).toEqual(['1000', '1001', '1002']);
    await exchange.stop();
    const journal = createMemoryJournal();
    await journal.append({
      reference: { sender: a, id: '18446744073709551616' },
      partner: b,
      language: 'json',
      bytes: jsonCodec.encode(messageFrom(a)),
      atMs: 1,
    });
    const later = await started(a, [b], { deps: { journal } });
    expect((await later.exchange.alert(exampleEvent(), b)).id).toBe('18446744073709551617');
    await later.exchange.stop();
  });
});
