import { generateKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GnuPg, gnupgState } from '../../../../test/gnupg.ts';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { detectFormat, encodeSecureXarf, findFormat, openMail, transcode } from '../../src/index.ts';
import { fieldOf, type MailPart } from '../../src/mail/mail-part.ts';
import { readMail } from '../../src/mail/read-mail.ts';
import { writeMail } from '../../src/mail/write-mail.ts';
import { mailOf } from '../mail/crlf.ts';
import { sampleMessage } from '../sample-message.ts';

const now = () => new Date('2026-01-02T00:00:00Z');
const passphrase = 'correct horse';
const partsOf = (mail: Uint8Array): readonly MailPart[] => readMail(mail, defaultFormatsLimits).parts;
const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');

interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Of the curve that GnuPG 2.2 knows. */
function keyPair(email: string, lock?: string, date = new Date('2026-01-01T00:00:00Z')): Promise<KeyPair> {
  return generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ email }],
    date,
    format: 'armored',
    ...(lock === undefined ? {} : { passphrase: lock }),
  });
}

let [ours, theirs, locked]: KeyPair[] = [];
beforeAll(async () => {
  [ours, theirs, locked] = await Promise.all([
    keyPair('noc@isp-a.example'),
    keyPair('noc@isp-b.example'),
    keyPair('noc@isp-c.example', passphrase),
  ]);
});

const signed = () => encodeSecureXarf(sampleMessage, { signKey: { armored: ours.privateKey } }, { now });
const encrypted = () =>
  encodeSecureXarf(
    sampleMessage,
    { signKey: { armored: ours.privateKey }, encryptTo: [theirs.publicKey] },
    { now },
  );

describe('X-ARF SECURE', () => {
  it('is the PLAIN report, attached and signed', async () => {
    const { bytes, losses } = await signed();
    expect(losses).toEqual([]);
    const mail = readMail(bytes, defaultFormatsLimits);
    expect(fieldOf(mail, 'X-XARF')).toBe('SECURE');
    expect(fieldOf(mail, 'Content-Type')).toMatch(
      /^multipart\/signed; micalg=pgp-sha(256|512); *protocol="?application\/pgp-signature"?; *boundary=/,
    );
    expect(mail.parts.map(({ mediaType, fileName }) => [mediaType, fileName])).toEqual([
      ['message/rfc822', 'xarf.eml'],
      ['application/pgp-signature', 'signature.asc'],
    ]);
    expect(detectFormat(mail.parts[0].content)?.name).toBe('xarf');
    expect(latin1(bytes)).toMatch(/^(?:[\t -~]{0,998}\r\n)*$/);
    expect(latin1(bytes)).not.toMatch(/[ \t]\r\n|^From /m);
  });

  it('is opened with the key of the sender, and says the same', async () => {
    const { bytes } = await signed();
    const opened = await openMail(bytes, { verifyKeys: [theirs.publicKey, ours.publicKey] }, { now });
    expect(opened).toMatchObject({
      signature: 'good',
      isEncrypted: false,
      signedBy: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(transcode(opened.mail, { to: 'flex' }).losses).toEqual({ reading: [], writing: [] });
    expect(findFormat('xarf').decode(opened.mail).message).toEqual(sampleMessage);
  });

  it('is read without a key too, which is told', async () => {
    const { bytes } = await signed();
    expect(detectFormat(bytes)?.name).toBe('xarf');
    const { message, losses } = findFormat('xarf').decode(bytes);
    expect(message).toEqual(sampleMessage);
    expect(losses.map(({ path }) => path)).toEqual(['multipart/signed']);
    expect(await openMail(bytes, {}, { now })).toMatchObject({ signature: 'unchecked' });
  });

  it('is for the eyes of the receiver alone where it is encrypted', async () => {
    const { bytes } = await encrypted();
    expect(latin1(bytes)).not.toContain('198.51.100.0\r\n');
    expect(() => findFormat('xarf').decode(bytes)).toThrow(
      expect.objectContaining({ code: 'FORMATS_ENCRYPTED' }),
    );
    expect(detectFormat(bytes)?.name).toBe('xarf');
    const opened = await openMail(
      bytes,
      { decryptKey: { armored: theirs.privateKey }, verifyKeys: [ours.publicKey] },
      { now },
    );
    expect(opened).toMatchObject({ signature: 'good', isEncrypted: true });
    expect(findFormat('xarf').decode(opened.mail).message).toEqual(sampleMessage);
  });

  it('unlocks keys', async () => {
    const signKey = { armored: locked.privateKey, passphrase };
    const { bytes } = await encodeSecureXarf(
      sampleMessage,
      { signKey, encryptTo: [locked.publicKey] },
      { now },
    );
    const opened = await openMail(bytes, { decryptKey: signKey, verifyKeys: [locked.publicKey] }, { now });
    expect(opened.signature).toBe('good');
  });

  it('signs evidence of eight bits in Base64', async () => {
    const message = {
      ...sampleMessage,
      event: {
        type: 'spam' as const,
        additional: [
          {
            name: 'attachment:message/rfc822:',
            value: Uint8Array.from(mailOf('Subject: caf\u00e9', '', 'x')),
          },
        ],
      },
    };
    const { bytes } = await encodeSecureXarf(message, { signKey: { armored: ours.privateKey } }, { now });
    expect(latin1(bytes)).toMatch(/^[\t\r\n -~]*$/);
    const { mail } = await openMail(bytes, { verifyKeys: [ours.publicKey] }, { now });
    expect(findFormat('xarf').decode(mail).message).toEqual(message);
  });

  it('is refused where it was changed, or is of somebody else', async () => {
    const { bytes } = await signed();
    const changed = Buffer.from(latin1(bytes).replace('198.51.100.7', '198.51.100.8'), 'latin1');
    const unsigned = findFormat('xarf').encode(sampleMessage).bytes;
    const broken = Buffer.from(
      latin1(bytes).replace('-----BEGIN PGP SIGNATURE', '-----BEGIN PGP NOTHING'),
      'latin1',
    );
    for (const mail of [changed, unsigned, broken]) {
      await expect(openMail(mail, { verifyKeys: [ours.publicKey] }, { now })).rejects.toMatchObject({
        code: 'FORMATS_BAD_SIGNATURE',
      });
    }
    await expect(openMail(bytes, { verifyKeys: [theirs.publicKey] }, { now })).rejects.toMatchObject({
      code: 'FORMATS_BAD_SIGNATURE',
    });
    await expect(openMail(bytes, { verifyKeys: [] }, { now })).rejects.toMatchObject({
      code: 'FORMATS_BAD_SIGNATURE',
    });
  });

  it('is refused with the wrong key, or none', async () => {
    const { bytes } = await encrypted();
    for (const config of [{}, { decryptKey: { armored: ours.privateKey } }]) {
      await expect(openMail(bytes, config, { now })).rejects.toMatchObject({ code: 'FORMATS_ENCRYPTED' });
    }
    for (const config of [
      { decryptKey: { armored: 'x' } },
      { decryptKey: { armored: locked.privateKey, passphrase: 'wrong' } },
      { verifyKeys: ['x'] },
    ]) {
      await expect(openMail(bytes, config, { now })).rejects.toMatchObject({ code: 'FORMATS_BAD_VALUE' });
    }
    const signKey = { armored: locked.privateKey };
    await expect(encodeSecureXarf(sampleMessage, { signKey }, { now })).rejects.toMatchObject({
      code: 'FORMATS_BAD_VALUE',
    });
  });

  it('opens what is neither signed nor encrypted as it is', async () => {
    const mail = findFormat('arf').encode(sampleMessage).bytes;
    expect(await openMail(mail)).toEqual({ mail, isEncrypted: false, signature: 'none' });
  });
});

describe.skipIf(gnupgState.skip)(`GnuPG${gnupgState.note}`, () => {
  let gpg: GnuPg;
  let gpgKey: string;
  let fresh: KeyPair;
  beforeAll(async () => {
    gpg = new GnuPg();
    gpg.run(['--quick-gen-key', 'gnupg@isp-d.example', 'future-default', 'default', 'never']);
    gpgKey = gpg.run(['--armor', '--export', 'gnupg@isp-d.example']).toString();
    fresh = await keyPair('fresh@isp-a.example', undefined, new Date(Date.now() - 60_000));
    gpg.run(['--import'], fresh.publicKey);
  });
  afterAll(() => gpg.close());

  it('verifies our signature, and no other', async () => {
    const { bytes } = await encodeSecureXarf(sampleMessage, { signKey: { armored: fresh.privateKey } });
    const [part, signature] = partsOf(bytes);
    const signatureFile = gpg.file('ours.asc', signature.content);
    gpg.run(['--verify', signatureFile, gpg.file('ours', part.octets)]);
    expect(() => gpg.run(['--verify', signatureFile, gpg.file('changed', part.octets.subarray(1))])).toThrow(
      /BAD signature/,
    );
  });

  it('decrypts our mail', async () => {
    const { bytes } = await encodeSecureXarf(sampleMessage, {
      signKey: { armored: fresh.privateKey },
      encryptTo: [gpgKey],
    });
    const [, body] = partsOf(bytes);
    const decrypted = gpg.run(['--decrypt'], body.content);
    expect(readMail(decrypted, defaultFormatsLimits).mediaType).toBe('multipart/signed');
  });

  it('signs what we verify', async () => {
    const plain = findFormat('xarf').encode(sampleMessage).bytes;
    const part = Buffer.from(`Content-Type: message/rfc822; name=xarf.eml\r\n\r\n${latin1(plain)}`, 'latin1');
    const signature = gpg.run(['--armor', '--detach-sign', '--local-user', 'gnupg@isp-d.example'], part);
    const bytes = writeMail(
      { 'X-XARF': 'SECURE' },
      {
        kind: 'multipart',
        subtype: 'signed',
        parameters: { protocol: 'application/pgp-signature' },
        parts: [part, { kind: 'leaf', mediaType: 'application/pgp-signature', content: signature }],
      },
    );
    const opened = await openMail(bytes, { verifyKeys: [gpgKey] });
    expect(opened.signature).toBe('good');
    expect(findFormat('xarf').decode(opened.mail).message).toEqual(sampleMessage);
    // A mail that was stored with bare line feeds is as good.
    const stored = Buffer.from(latin1(bytes).replaceAll('\r\n', '\n'), 'latin1');
    expect((await openMail(stored, { verifyKeys: [gpgKey] })).signature).toBe('good');
  });

  it('signs and encrypts at once what we open', async () => {
    const plain = findFormat('xarf').encode(sampleMessage).bytes;
    const type = /Content-Type: multipart[\s\S]*$/.exec(latin1(plain))?.[0] ?? '';
    const armored = gpg.run(
      [
        '--armor',
        '--sign',
        '--encrypt',
        '--local-user',
        'gnupg@isp-d.example',
        '--recipient',
        'fresh@isp-a.example',
      ],
      type,
    );
    const bytes = writeMail(
      {
        From: 'noc@isp-a.example',
        Date: 'Thu, 01 Jan 2026 12:00:00 +0000',
        'Message-ID': '<flowpact.42@isp-a.example>',
        'X-XARF': 'SECURE',
      },
      {
        kind: 'multipart',
        subtype: 'encrypted',
        parts: [
          { kind: 'leaf', mediaType: 'application/pgp-encrypted', content: Buffer.from('Version: 1\r\n') },
          { kind: 'leaf', mediaType: 'application/octet-stream', content: armored },
        ],
      },
    );
    const opened = await openMail(bytes, { decryptKey: { armored: fresh.privateKey }, verifyKeys: [gpgKey] });
    expect(opened).toMatchObject({ signature: 'good', isEncrypted: true });
    expect(findFormat('xarf').decode(opened.mail).message).toEqual(sampleMessage);
  });
});
