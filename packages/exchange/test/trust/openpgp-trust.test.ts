import fc from 'fast-check';
import { armor, enums, readSignature } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { GnuPg } from '../../../../test/gnupg.ts';
import { skipWithout } from '../../../../test/system-tool.ts';
import type { IncomingDocument } from '../../src/index.ts';
import { entityBytes, protectedEntity } from '../../src/mime/mime-entity.ts';
import { partsOf } from '../../src/mime/multipart-body.ts';
import { exampleMs } from '../example-event.ts';
import {
  a,
  arrived,
  b,
  c,
  clockAt,
  dayMs,
  holding,
  keyOf,
  keys,
  outgoing,
  revokedKey,
  startedTrust,
} from './trusted-networks.ts';

const signedBy = (name: string) => ({ proof: { kind: 'signed', signers: [name] } });

/** What a sends to b. */
async function signed(
  options: Parameters<typeof startedTrust>[1] = {},
  nowMs = exampleMs,
): Promise<IncomingDocument> {
  const trust = await startedTrust(a, options, clockAt(nowMs));
  return arrived(await trust.protect(outgoing(), b));
}

/** The two parts of a signed entity. */
function partsIn({ entity }: IncomingDocument): { readonly content: Buffer; readonly signature: Buffer } {
  const boundary = /boundary="([^"]+)"/.exec(entity!.contentType)![1]!;
  const [content, signature] = partsOf(Buffer.from(entity!.body), boundary, 2)!;
  return { content: content!, signature: signature! };
}

function changed(document: IncomingDocument, change: (body: string) => string): IncomingDocument {
  const body = Buffer.from(change(Buffer.from(document.entity!.body).toString('latin1')), 'latin1');
  return { ...document, entity: { ...document.entity!, body } };
}

describe('a signed document', () => {
  it('is read by whom it was signed for, and names its signer', async () => {
    const opened = await (await startedTrust(b)).open(await signed());
    expect(opened).toMatchObject(signedBy(a));
    expect(opened.document.text).toBe('An attack.\r\nFrom here, \u00fcberall. \r\n');
    expect(opened.document.attachments).toMatchObject([{ name: 'x.json', mediaType: 'application/json' }]);
    expect(Buffer.from(opened.document.attachments[0]!.bytes).toString()).toBe('a record');
  });

  it('is opened by nobody else, where it is encrypted', async () => {
    const partners = [{ partner: b, keys: [{ armored: keys[b]!.publicKey }], encrypt: true }];
    const document = await signed({ partners });
    expect(document.entity!.contentType).toMatch(/^multipart\/encrypted;/);
    expect(await (await startedTrust(b)).open(document)).toMatchObject(signedBy(a));
    await expect((await startedTrust(c)).open(document)).rejects.toMatchObject({
      code: 'EXCHANGE_UNDECRYPTABLE',
      permanent: true,
    });
  });

  it('holds where a hop has changed the line ends, and where the boundary is followed by white space', async () => {
    const trust = await startedTrust(b);
    const unix = changed(await signed(), (body) => body.replaceAll('\r\n', '\n'));
    expect(await trust.open(unix)).toMatchObject(signedBy(a));
    const padded = changed(await signed(), (body) => body.replace(/^(--signed-\S+)\r\n/, '$1 \t\r\n'));
    expect(await trust.open(padded)).toMatchObject(signedBy(a));
  });

  it.each([
    ['its content', (body: string) => body.replace('attack', 'Attack')],
    ['its attachment', (body: string) => body.replace('YSByZWNvcmQ=', 'YSBSRUNPUkQ=')],
    ['its receiver', (body: string) => body.replace(`Flowpact-Recipient: ${b}`, `Flowpact-Recipient: ${c}`)],
    ['its signature', (body: string) => body.replace(/\r\n\r\nw(\w)/, '\r\n\r\nx$1')],
    ['a part too many', (body: string) => body.replace(/(--signed-\w+)\r\n/, '$1\r\n\r\nmore\r\n$1\r\n')],
    ['one part only', (body: string) => body.replace(/^--signed-\w+\r\n/, '')],
    ['no end', (body: string) => body.replace(/--\r\n$/, '')],
  ])('is refused with a change in it: %s', async (_what, change) => {
    const document = await signed();
    const forged = changed(document, change);
    expect(Buffer.compare(forged.entity!.body as Buffer, document.entity!.body)).not.toBe(0);
    await expect((await startedTrust(b)).open(forged)).rejects.toMatchObject({
      code: 'EXCHANGE_BAD_SIGNATURE',
      permanent: true,
    });
  });

  it('is refused with the content of another that the same network has signed', async () => {
    const trust = await startedTrust(a);
    const [one, other] = await Promise.all(
      ['one', 'other'].map(async (text) => arrived(await trust.protect(outgoing(Buffer.from(text)), b))),
    );
    const swapped = changed(one!, (body) =>
      body.replace(partsIn(one!).content.toString('latin1'), () =>
        partsIn(other!).content.toString('latin1'),
      ),
    );
    await expect((await startedTrust(b)).open(swapped)).rejects.toMatchObject({
      code: 'EXCHANGE_BAD_SIGNATURE',
    });
  });

  it('is nothing but what was signed: what stands beside it is left out', async () => {
    const document = await signed();
    const added = changed(document, (body) => `Content-Type: application/json\r\n\r\n{}\r\n${body}trailing`);
    const opened = await (await startedTrust(b)).open(added);
    expect(opened).toMatchObject(signedBy(a));
    expect(opened.document.attachments).toHaveLength(1);
  });

  it('is refused where it was signed for another, and where it is our own', async () => {
    const document = await signed();
    await expect((await startedTrust(c)).open(document)).rejects.toMatchObject({
      code: 'EXCHANGE_WRONG_RECIPIENT',
    });
    await expect((await startedTrust(a)).open(document)).rejects.toMatchObject({
      code: 'EXCHANGE_OWN_MESSAGE',
    });
  });

  it('proves nothing with a key that nobody has told us of', async () => {
    const opened = await (await startedTrust(b, holding(c, { armored: keys[c]!.publicKey }))).open(
      await signed(),
    );
    expect(opened.proof).toMatchObject({
      kind: 'unsigned',
      reason: expect.stringMatching(/no partner has the key/),
    });
  });

  it.each<[string, number, string | undefined]>([
    ['4 minutes in our future', 4 * 60_000, undefined],
    ['6 minutes in our future', 6 * 60_000, 'EXCHANGE_SIGNATURE_TIME'],
    ['6 days old', -6 * dayMs, undefined],
    ['8 days old, as a replay would be', -8 * dayMs, 'EXCHANGE_SIGNATURE_TIME'],
  ])('counts or not by its age: %s', async (_age, offsetMs, code) => {
    const opened = (await startedTrust(b)).open(await signed({}, exampleMs + offsetMs));
    if (code === undefined) expect(await opened).toMatchObject(signedBy(a));
    else await expect(opened).rejects.toMatchObject({ code, permanent: true });
  });
});

describe('a signature of a version that nobody knows', () => {
  it('proves nothing, beside others or alone', async () => {
    const document = await signed();
    const { signature } = partsIn(document);
    const text = signature.subarray(signature.indexOf('-----BEGIN')).toString('latin1');
    const known = (await readSignature({ armoredSignature: text })).write() as Uint8Array;
    // After the tag and the length of one octet of a short packet, or of two of a longer one.
    const unknown = known.slice();
    unknown[unknown[1]! < 192 ? 2 : 3] = 99;
    const withPackets = async (octets: Uint8Array) => {
      const armored = await armor(enums.armor.signature, octets);
      return (await startedTrust(b)).open(changed(document, (body) => body.replace(text.trimEnd(), armored)));
    };
    expect(await withPackets(Buffer.concat([unknown, known]))).toMatchObject(signedBy(a));
    expect(await withPackets(unknown)).toMatchObject({
      proof: { kind: 'unsigned', reason: 'it is not signed' },
    });
  });
});

describe('damage of any kind', () => {
  const numRuns = Number(process.env.FLOWPACT_FUZZ_CASES ?? 200);

  it.each([
    ['signed', false],
    ['encrypted', true],
  ])(
    'to a document that is %s is refused for good, proves nothing, or leaves what was signed as it was',
    async (_what, encrypt) => {
      const partners = [{ partner: b, keys: [{ armored: keys[b]!.publicKey }], encrypt }];
      const document = await signed({ partners });
      const trust = await startedTrust(b);
      const whole = Buffer.from(document.entity!.body);
      const original = (await trust.open(document)).document;
      const damage = fc.tuple(fc.nat(whole.length), fc.nat(40), fc.uint8Array({ maxLength: 8 }));
      await fc.assert(
        fc.asyncProperty(damage, async ([start, length, put]) => {
          const body = Buffer.concat([whole.subarray(0, start), put, whole.subarray(start + length)]);
          const damaged = { ...document, entity: { ...document.entity!, body } };
          const result = await trust.open(damaged).catch((error: Error) => error);
          if (result instanceof Error)
            expect(result).toMatchObject({ name: 'ExchangeError', permanent: true });
          // A signature that cannot be read any more proves nothing, and what is not signed is not acted on.
          else if (result.proof.kind !== 'unsigned')
            expect(result).toEqual({ document: original, proof: { kind: 'signed', signers: [a] } });
        }),
        { numRuns },
      );
    },
  );
});

describe('keys', () => {
  it('rotate with an overlap: both sign, and each partner knows one of them', async () => {
    const next = await keyOf(a);
    const document = await signed({ keys: [{ armored: keys[a]!.privateKey }, { armored: next.privateKey }] });
    for (const known of [keys[a]!, next]) {
      const trust = await startedTrust(b, holding(a, { armored: known.publicKey }));
      expect(await trust.open(document)).toMatchObject(signedBy(a));
    }
    const trust = await startedTrust(
      b,
      holding(a, { armored: next.publicKey }, { armored: keys[a]!.publicKey }),
    );
    expect(await trust.open(await signed())).toMatchObject(signedBy(a));
  });

  it.each([
    ['where the partner says so', async () => ({ armored: keys[a]!.publicKey, revoked: true })],
    ['where it says so itself', async () => ({ armored: await revokedKey(keys[a]!, exampleMs + dayMs) })],
  ])('that are revoked are refused, also for what they signed before: %s', async (_how, held) => {
    const trust = await startedTrust(b, holding(a, await held()), clockAt(exampleMs + 2 * dayMs));
    await expect(trust.open(await signed())).rejects.toMatchObject({
      code: 'EXCHANGE_KEY_REFUSED',
      message: expect.stringMatching(/revoked/),
    });
  });

  it.each([
    ['by themselves', { lifetimeMs: 30 * dayMs }, {}],
    ['by our configuration', {}, { untilMs: exampleMs }],
  ])(
    'that end %s count for what they signed before, and that for a grace only',
    async (_how, made, validity) => {
      const old = await keyOf(a, made);
      const own = { keys: [{ armored: old.privateKey }] };
      const open = async (signedMs: number, openedMs: number) =>
        (await startedTrust(b, holding(a, { armored: old.publicKey, ...validity }), clockAt(openedMs))).open(
          await signed(own, signedMs),
        );
      expect(await open(exampleMs - 5_000, exampleMs + dayMs - 5_000)).toMatchObject(signedBy(a));
      await expect(open(exampleMs - 5_000, exampleMs + dayMs + 5_000)).rejects.toMatchObject({
        code: 'EXCHANGE_KEY_REFUSED',
        message: expect.stringMatching(/expired/),
      });
    },
  );

  it('that have ended sign nothing more, neither with us nor for a thief', async () => {
    const old = await keyOf(a, { lifetimeMs: 30 * dayMs });
    const trust = await startedTrust(a, { keys: [{ armored: old.privateKey }] }, clockAt(exampleMs + 5_000));
    await expect(trust.protect(outgoing(), b)).rejects.toMatchObject({
      code: 'EXCHANGE_NO_KEY',
      permanent: false,
    });
    // The thief's clock is his own, and so is the expiry of his copy; ours is not.
    const endless = { armored: keys[a]!.publicKey, untilMs: exampleMs };
    const partner = await startedTrust(b, holding(a, endless), clockAt(exampleMs + 60_000));
    await expect(partner.open(await signed({}, exampleMs + 30_000))).rejects.toMatchObject({
      code: 'EXCHANGE_KEY_REFUSED',
    });
  });

  it('that do not count yet are refused', async () => {
    const trust = await startedTrust(
      b,
      holding(a, { armored: keys[a]!.publicKey, fromMs: exampleMs + 1_000 }),
    );
    await expect(trust.open(await signed())).rejects.toMatchObject({ code: 'EXCHANGE_KEY_REFUSED' });
  });

  it('are encrypted to as long as they are valid, and without one nothing leaves', async () => {
    const revoked = { armored: keys[b]!.publicKey, revoked: true };
    const partners = [{ partner: b, keys: [revoked], encrypt: true }];
    await expect(signed({ partners })).rejects.toMatchObject({ code: 'EXCHANGE_NO_KEY', permanent: false });
  });

  it('that cannot be read stop the start with a word about which', async () => {
    const bad = { armored: 'no key' };
    await expect(startedTrust(b, holding(a, bad))).rejects.toThrow('key 1 of isp-a.example cannot be read');
    await expect(startedTrust(b, { keys: [bad] })).rejects.toThrow('private key 1 of 1 cannot be used');
    const twice = { partners: [a, a].map((partner) => ({ partner, keys: [] })) };
    await expect(startedTrust(b, twice)).rejects.toMatchObject({ code: 'EXCHANGE_BAD_CONFIG' });
    await expect(startedTrust(b, holding('isp-a\n'))).rejects.toMatchObject({ code: 'EXCHANGE_BAD_CONFIG' });
  });
});

describe.skipIf(skipWithout('gpg'))('GnuPG (skipped without it: apt-get install -y gnupg)', () => {
  async function withGnuPg(use: (gpg: GnuPg) => Promise<void>): Promise<void> {
    const gpg = new GnuPg(exampleMs + 60_000);
    try {
      await use(gpg);
    } finally {
      gpg.close();
    }
  }

  it('verifies what we sign, and nothing else', () =>
    withGnuPg(async (gpg) => {
      gpg.run(['--import'], keys[a]!.publicKey);
      const { content, signature } = partsIn(await signed());
      const armored = gpg.file('signature.asc', signature.subarray(signature.indexOf('\r\n\r\n') + 4));
      const verify = (part: Buffer) =>
        gpg.run(['--status-fd', '1', '--verify', armored, gpg.file('part', part)]).toString();
      expect(verify(content)).toMatch(/GOODSIG \w+ isp-a\.example/);
      expect(() => verify(Buffer.concat([content, Buffer.from('x')]))).toThrow(/BAD signature/);
    }));

  it('decrypts what we encrypt', () =>
    withGnuPg(async (gpg) => {
      gpg.run(['--import'], keys[b]!.privateKey);
      const partners = [{ partner: b, keys: [{ armored: keys[b]!.publicKey }], encrypt: true }];
      const body = Buffer.from((await signed({ partners })).entity!.body).toString('latin1');
      const armored = body.slice(body.indexOf('-----BEGIN'), body.indexOf('-----END PGP MESSAGE-----') + 25);
      expect(gpg.run(['--decrypt'], armored).toString()).toMatch(/^Content-Type: multipart\/signed;/);
    }));

  const part = 'Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\nYSByZWNvcmQ=\r\n';
  const later = clockAt(exampleMs + 60_000);

  it.each([
    ['binary', []],
    ['text', ['--textmode']],
  ])('signs what we verify, as %s', (_type, options) =>
    withGnuPg(async (gpg) => {
      gpg.run(['--import'], keys[a]!.privateKey);
      const signature = gpg.run(['--armor', '--detach-sign', ...options], part).toString();
      const body = Buffer.from(
        `--x\r\n${part}\r\n--x\r\nContent-Type: application/pgp-signature\r\n\r\n${signature}\r\n--x--\r\n`,
      );
      const contentType =
        'multipart/signed; boundary=x; micalg=pgp-sha256; protocol="application/pgp-signature"';
      const opened = await (await startedTrust(b, {}, later)).open({
        transport: 'memory',
        envelopeTo: [],
        attachments: [],
        entity: { contentType, body },
      });
      expect(opened).toMatchObject(signedBy(a));
      expect(Buffer.from(opened.document.attachments[0]!.bytes).toString()).toBe('a record');
    }),
  );

  it('encrypts and signs in one, which we open', () =>
    withGnuPg(async (gpg) => {
      gpg.run(['--import'], keys[a]!.privateKey);
      gpg.run(['--import'], keys[b]!.publicKey);
      const encrypt = (...options: string[]) =>
        gpg.run(['--armor', '--encrypt', '--recipient', `flex@${b}`, ...options], part).toString();
      const open = async (armored: string) => {
        const contentType = 'multipart/encrypted; boundary=x; protocol="application/pgp-encrypted"';
        const mail = entityBytes({
          contentType,
          body: Buffer.from(
            '--x\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--x\r\n' +
              `Content-Type: application/octet-stream\r\n\r\n${armored}\r\n--x--\r\n`,
          ),
        });
        return (await startedTrust(b, {}, later)).open({
          transport: 'memory',
          envelopeTo: [],
          attachments: [],
          entity: protectedEntity(mail)!,
        });
      };
      expect(await open(encrypt('--sign'))).toMatchObject(signedBy(a));
      expect(await open(encrypt())).toMatchObject({ proof: { kind: 'unsigned' } });
    }));
});
