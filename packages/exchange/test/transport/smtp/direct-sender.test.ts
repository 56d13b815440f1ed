import { afterEach, describe, expect, it } from 'vitest';
import {
  createSmtpTransport,
  type IncomingDocument,
  type MailResolver,
  type OutgoingDocument,
  type SmtpDirectConfig,
  type SmtpListenConfig,
  type SmtpTransport,
} from '../../../src/index.ts';
import { testCertificate } from './test-certificate.ts';

const to = 'flex@isp-b.example';

const documentTo = (address: string): OutgoingDocument => ({
  to: { transport: 'smtp', address },
  summary: { subject: 'alert', text: 'text' },
  attachment: { name: 'x.json', mediaType: 'application/json', bytes: Buffer.from('{}') },
  reference: { sender: 'isp-a.example', id: '17' },
});

/** Hosts by preference: all of 127.0.0.0/8 is this machine. */
const resolving = (...records: readonly (readonly [string, number])[]): MailResolver => ({
  resolveMx: async () => records.map(([exchange, priority]) => ({ exchange, priority })),
});

const failing = (code: string): MailResolver => ({
  resolveMx: () => Promise.reject(Object.assign(new Error(`queryMx ${code}`), { code })),
});

describe('direct delivery', () => {
  const running: SmtpTransport[] = [];
  const received: IncomingDocument[] = [];

  afterEach(async () => {
    for (const transport of running.splice(0)) await transport.stop();
    received.length = 0;
  });

  /** A host that takes the mail of isp-b.example. */
  async function host(listen: Partial<SmtpListenConfig> = {}): Promise<number> {
    const transport = createSmtpTransport(
      {
        from: to,
        listen: { port: 0, recipients: [to, 'flex@localhost', 'flex@[127.0.0.1]'], ...listen },
      },
      { onDocument: async (document) => void received.push(document) },
    );
    running.push(transport);
    await transport.start();
    return transport.address()!.port;
  }

  function sender(port: number, resolver: MailResolver, direct: SmtpDirectConfig = {}): SmtpTransport {
    const transport = createSmtpTransport(
      { from: 'flex@isp-a.example', direct: { port, ...direct } },
      { resolver, onDocument: async () => {} },
    );
    running.push(transport);
    return transport;
  }

  it('asks for the hosts of the domain, and tries them by preference until one takes the mail', async () => {
    const asked: string[] = [];
    const { resolveMx } = resolving(['127.0.0.1', 30], ['127.0.0.3', 10], ['127.0.0.2.', 20]);
    const resolver: MailResolver = {
      resolveMx: (domain) => {
        asked.push(domain);
        return resolveMx(domain);
      },
    };
    await sender(await host(), resolver).send(documentTo(to));
    expect(asked).toEqual(['isp-b.example']);
    expect(received).toMatchObject([{ envelopeFrom: 'flex@isp-a.example', envelopeTo: [to] }]);
  });

  it.each([
    ['the domain itself where that has no MX', 'flex@localhost', failing('ENODATA')],
    ['an address in place of a domain', 'flex@[127.0.0.1]', failing('ESERVFAIL')],
  ])('delivers to %s', async (_what, address, resolver) => {
    await sender(await host(), resolver).send(documentTo(address));
    expect(received).toMatchObject([{ envelopeTo: [address] }]);
  });

  it.each([
    ['for now where the DNS does not answer', failing('ESERVFAIL'), false],
    ['for good where the domain takes no mail', resolving(['', 0]), true],
    ['for now where no host is there', resolving(['127.0.0.2', 10], ['127.0.0.3', 20]), false],
  ])('fails %s', async (_what, resolver, permanent) => {
    const attempt = sender(await host(), resolver).send(documentTo(to));
    await expect(attempt).rejects.toMatchObject({ code: 'EXCHANGE_SEND_FAILED', permanent });
  });

  it('takes the word of the first host that refuses the mail for good', async () => {
    const port = await host({ recipients: ['another@isp-b.example'] });
    const attempt = sender(port, resolving(['127.0.0.1', 10], ['127.0.0.2', 20])).send(documentTo(to));
    await expect(attempt).rejects.toMatchObject({
      permanent: true,
      message: expect.stringContaining('no such recipient here'),
    });
  });

  it('takes any certificate where TLS is opportunistic, and none where it is not offered', async () => {
    const resolver = resolving(['127.0.0.1', 10]);
    await sender(await host({ tls: testCertificate }), resolver).send(documentTo(to));
    await sender(await host(), resolver).send(documentTo(to));
    expect(received).toHaveLength(2);
  });

  it('delivers nothing without TLS that it can check, where it is required', async () => {
    const resolver = resolving(['127.0.0.1', 10]);
    const secure = await host({ tls: testCertificate });
    const required = { security: 'required' } as const;
    const known = { ...required, tls: { ca: testCertificate.cert } };
    for (const [port, direct] of [
      [await host(), known],
      [secure, required],
    ] as const) {
      const attempt = sender(port, resolver, direct).send(documentTo(to));
      await expect(attempt).rejects.toMatchObject({ permanent: false });
    }
    await sender(secure, resolver, known).send(documentTo(to));
    expect(received).toHaveLength(1);
  });

  it('is not configured beside a relay', () => {
    const config = { from: to, direct: {}, relay: { host: '127.0.0.1', port: 25 } };
    expect(() => createSmtpTransport(config, { onDocument: async () => {} })).toThrow(/not both/);
  });
});
