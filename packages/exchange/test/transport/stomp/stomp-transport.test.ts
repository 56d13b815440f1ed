import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createStompTransport,
  ExchangeError,
  type IncomingDocument,
  type OutgoingDocument,
  type StompTransport,
  type StompTransportDeps,
} from '../../../src/index.ts';
import { ScriptedBroker } from './scripted-broker.ts';

let broker: ScriptedBroker;
const running: StompTransport[] = [];

beforeEach(async () => {
  broker = new ScriptedBroker();
  await broker.start();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((transport) => transport.stop()));
  await broker.stop();
});

const limits = {
  reconnectMs: 5,
  maxReconnectMs: 20,
  retryMs: 5,
  receiptTimeoutMs: 2_000,
  stopTimeoutMs: 200,
};

function transport(
  deps: Partial<StompTransportDeps> = {},
  config: Partial<Parameters<typeof createStompTransport>[0]> = {},
): StompTransport {
  const made = createStompTransport(
    {
      broker: { host: '127.0.0.1', port: broker.port, login: 'isp-a', passcode: 'secret' },
      address: '/queue/isp-a',
      subscribe: ['/queue/isp-a'],
      ...config,
      limits: { ...limits, ...config.limits },
    },
    { onDocument: async () => {}, ...deps },
  );
  running.push(made);
  return made;
}

/** Every octet value, so that nothing on the way may take the body for text. */
const octets = Uint8Array.from({ length: 600 }, (_, i) => i & 255);

const document: OutgoingDocument = {
  to: { transport: 'stomp', address: '/queue/isp-b' },
  summary: { subject: '[FLEX] alert\nof two lines', text: 'A page.' },
  attachment: { name: 'isp-a-1.flex', mediaType: 'application/vnd.flowpact.flex', bytes: octets },
  reference: { sender: 'isp-a', id: '1' },
};

describe('sending over STOMP', () => {
  it('hands the octets over as they are, persistent, and resolves with the receipt', async () => {
    broker.onFrame = (frame, connection) => {
      if (frame.command === 'SEND') connection.give('RECEIPT', { 'receipt-id': frame.headers.receipt });
    };
    const ours = transport();
    await ours.start();
    await ours.connected();
    expect(await ours.send(document)).toMatchObject({ transport: 'stomp' });
    const sent = await broker.next('SEND');
    expect(Uint8Array.from(sent.body)).toEqual(octets);
    expect(sent.headers).toMatchObject({
      destination: '/queue/isp-b',
      'content-type': 'application/vnd.flowpact.flex',
      persistent: 'true',
      'flowpact-from': '/queue/isp-a',
      'flowpact-reference': 'isp-a 1',
      'flowpact-subject': '[FLEX] alert of two lines',
    });
    expect((await broker.next('CONNECT')).headers).toMatchObject({
      login: 'isp-a',
      passcode: 'secret',
      host: '/',
    });
  });

  it.each([
    ['the broker answers with an error', 'access refused'],
    ['the connection ends', ''],
  ])('fails for now where %s', async (_, message) => {
    broker.onFrame = (frame, connection) => {
      if (frame.command !== 'SEND') return;
      if (message !== '') connection.give('ERROR', { message, 'receipt-id': frame.headers.receipt });
      connection.destroy();
    };
    const ours = transport();
    await ours.start();
    await ours.connected();
    const failure = await ours.send(document).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExchangeError);
    expect(failure).toMatchObject({ code: 'EXCHANGE_SEND_FAILED', permanent: false });
    await broker.next('CONNECT', 2);
  });

  it('fails for now without a receipt in time, and where there is no broker', async () => {
    const ours = transport({}, { limits: { receiptTimeoutMs: 20 } });
    await expect(ours.send(document)).rejects.toMatchObject({ permanent: false });
    await ours.start();
    await ours.connected();
    await expect(ours.send(document)).rejects.toThrow('no receipt within 20 ms');
  });

  it('refuses for good what no broker can take', async () => {
    const ours = transport({}, { limits: { maxMessageBytes: 100 } });
    await expect(ours.send(document)).rejects.toMatchObject({ permanent: true });
    const nowhere = { ...document, to: { transport: 'stomp', address: 'a queue\n' } };
    await expect(ours.send(nowhere)).rejects.toMatchObject({ permanent: true });
    expect(() => transport({}, { address: '' })).toThrow(ExchangeError);
  });
});

describe('receiving over STOMP', () => {
  /** Delivers one message on each subscription, and again on each later one until it is acknowledged. */
  const deliver = (body: Uint8Array) => {
    broker.onFrame = ({ command, headers }, connection) => {
      if (command !== 'SUBSCRIBE') return;
      const about = {
        destination: headers.destination,
        subscription: headers.id,
        'message-id': 'm1',
        ack: 'a1',
      };
      connection.give(
        'MESSAGE',
        {
          ...about,
          'content-type': 'Application/X; a=b',
          'flowpact-from': '/queue/isp-b',
          'flowpact-file': 'x.flex',
        },
        body,
      );
    };
  };

  it('acknowledges a document when it has been taken', async () => {
    deliver(octets);
    const taken: IncomingDocument[] = [];
    const ours = transport({ onDocument: async (one) => void taken.push(one) });
    await ours.start();
    expect((await broker.next('ACK')).headers).toMatchObject({ id: 'a1' });
    expect(taken).toEqual([
      {
        transport: 'stomp',
        envelopeFrom: '/queue/isp-b',
        envelopeTo: ['/queue/isp-a'],
        attachments: [{ name: 'x.flex', mediaType: 'application/x', bytes: octets }],
      },
    ]);
    expect((await broker.next('SUBSCRIBE')).headers).toMatchObject({
      ack: 'client-individual',
      'prefetch-count': '10',
    });
  });

  it('refuses to the broker what is refused for good', async () => {
    deliver(octets);
    const ours = transport({
      onDocument: () => Promise.reject(new ExchangeError('EXCHANGE_BAD_MESSAGE', 'no', { permanent: true })),
    });
    await ours.start();
    expect((await broker.next('NACK')).headers).toMatchObject({ id: 'a1', requeue: 'false' });
  });

  it('tries what cannot be taken yet again, and acknowledges it then', async () => {
    deliver(octets);
    let attempts = 0;
    const ours = transport({
      onDocument: async () => {
        if (++attempts < 3) throw new Error('the disk is full');
      },
    });
    await ours.start();
    await broker.next('ACK');
    expect(attempts).toBe(3);
  });

  it('leaves what it could not take to the next connection', async () => {
    deliver(octets);
    const { port } = broker;
    let attempts = 0;
    const ours = transport({
      onDocument: async () => {
        if (++attempts > 1) return;
        await broker.stop();
        broker = new ScriptedBroker();
        deliver(octets);
        await broker.start(port);
        throw new Error('not yet');
      },
    });
    await ours.start();
    await broker.next('SUBSCRIBE');
    await ours.connected();
    while (attempts < 2) await new Promise((resolve) => setImmediate(resolve));
    expect((await broker.next('ACK')).headers).toMatchObject({ id: 'a1' });
    expect(attempts).toBe(2);
  });

  it('ends a connection whose frame does not end, and refuses a document that is too long', async () => {
    broker.onFrame = ({ command }, connection) => {
      if (command === 'SUBSCRIBE') connection.write('A'.repeat(300_000));
    };
    const problems: unknown[] = [];
    const refused: string[] = [];
    const ours = transport(
      {
        onState: ({ problem }) => problem && problems.push(problem),
        onRefused: ({ error }) => refused.push(error.message),
      },
      { limits: { maxMessageBytes: 1000 } },
    );
    await ours.start();
    await broker.next('CONNECT', 2);
    expect(problems[0]).toContain('without the end of a frame');
    deliver(new Uint8Array(2000));
    await broker.next('NACK');
    expect(refused).toEqual(['a message over 1000 bytes came by /queue/isp-a (maxMessageBytes)']);
  });
});
