import { createCleartextMessage, readKey, readPrivateKey, sign } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { GnuPg, gnupgState } from '../../../../test/gnupg.ts';
import {
  createInvitation,
  createOpenPgpTrust,
  type InvitedNetwork,
  type NewKey,
  readInvitation,
} from '../../src/index.ts';
import { exampleMs } from '../example-event.ts';
import { a, arrived, b, clockAt, dayMs, keyOf, keys, outgoing } from '../trust/trusted-networks.ts';

const network: InvitedNetwork = {
  party: { name: a, asn: 64500, contact: 'mailto:noc@isp-a.example' },
  addressSpace: ['192.0.2.0/24', '2001:db8::/32'],
  languages: ['flex', 'xarf'],
  routes: [{ transport: 'smtp', address: 'flex@isp-a.example' }],
};
const clock = clockAt(exampleMs);
const secret = ({ privateKey }: NewKey) => ({ armored: privateKey });
const ours = keys[a]!;
const theirs = keys[b]!;

const invitation = (changed: Partial<InvitedNetwork> = {}, with_: readonly NewKey[] = [ours]) =>
  createInvitation({ ...network, ...changed }, with_.map(secret), { clock });

/** What a maker of bad invitations signs. */
async function signed(value: unknown, key = ours): Promise<Uint8Array> {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const signingKeys = [await readPrivateKey({ armoredKey: key.privateKey })];
  const message = await createCleartextMessage({ text });
  return Buffer.from(await sign({ message, signingKeys, date: new Date(exampleMs) }));
}

const content = (changed: object = {}) => ({
  flowpactInvitation: 1,
  createdMs: exampleMs,
  ...network,
  keys: [ours.publicKey],
  ...changed,
});

describe('an invitation', () => {
  it('tells what its maker said, with the fingerprint to compare', async () => {
    const read = await readInvitation(await invitation(), { clock });
    expect(read.network).toEqual(network);
    expect(read.createdMs).toBe(exampleMs);
    expect(read.fingerprints).toEqual([expect.stringMatching(/^([0-9A-F]{4} ){9}[0-9A-F]{4}$/)]);
    const { fingerprint } = (await readKey({ armoredKey: ours.publicKey })).keyPacket as unknown as {
      fingerprint: Uint8Array;
    };
    expect(read.fingerprints[0]?.replaceAll(' ', '')).toBe(
      Buffer.from(fingerprint).toString('hex').toUpperCase(),
    );
  });

  it('has the keys that its maker will sign with', async () => {
    const next = await keyOf(a);
    const read = await readInvitation(await invitation({}, [ours, next]), { clock });
    expect(read.fingerprints).toHaveLength(2);
    const make = (self: string, own: NewKey, partner: string, held: readonly { armored: string }[]) =>
      createOpenPgpTrust({ self, keys: [secret(own)], partners: [{ partner, keys: held }] }, { clock });
    const maker = make(a, next, b, [{ armored: theirs.publicKey }]);
    const reader = make(b, theirs, a, read.keys);
    await Promise.all([maker.start(), reader.start()]);
    const { proof } = await reader.open(arrived(await maker.protect(outgoing(), b)));
    expect(proof).toEqual({ kind: 'signed', signers: [a] });
  });

  it('is readable for people', async () => {
    expect(Buffer.from(await invitation()).toString()).toMatch(
      /^-----BEGIN PGP SIGNED MESSAGE-----\r?\n[\s\S]*"name": "isp-a\.example"/,
    );
  });

  it.skipIf(gnupgState.skip)(`is verified by GnuPG${gnupgState.note}`, async () => {
    const gnupg = new GnuPg(exampleMs);
    try {
      gnupg.run(['--import'], ours.publicKey);
      const bytes = await invitation();
      const verify = (content: Uint8Array) =>
        gnupg.run(['--verify', gnupg.file('isp-a.invitation', content)]);
      expect(() => verify(bytes)).not.toThrow();
      expect(() => verify(Buffer.from(Buffer.from(bytes).toString().replace('64500', '64501')))).toThrow(
        /BAD signature/,
      );
    } finally {
      gnupg.close();
    }
  });

  it('is not made of what is no partner, or without a key', async () => {
    await expect(invitation({ addressSpace: ['192.0.2.1/24'] })).rejects.toMatchObject({
      code: 'EXCHANGE_BAD_CONFIG',
    });
    await expect(invitation({}, [])).rejects.toMatchObject({ code: 'EXCHANGE_NO_KEY' });
  });
});

describe('no invitation is', () => {
  const altered = async (from: string | RegExp, to: string) =>
    Buffer.from(
      Buffer.from(await invitation())
        .toString()
        .replace(from, to),
    );

  it.each<[string, () => Promise<Uint8Array>, RegExp]>([
    ['one that was altered', () => altered('192.0.2.0/24', '192.0.0.0/16'), /has not signed it as it is/],
    [
      'one with another route',
      () => altered('flex@isp-a.example', 'flex@evil.example'),
      /has not signed it as it is/,
    ],
    [
      'one with a key that has not signed it',
      () => signed(content({ keys: [ours.publicKey, theirs.publicKey] })),
      /the key [0-9A-F]{16} in it has not signed it/,
    ],
    ['one that somebody else has signed', () => signed(content(), theirs), /has not signed it/],
    ['one without keys', () => signed(content({ keys: [] })), /keys is no list of 1 to 16 keys/],
    ['one with a key that is none', () => signed(content({ keys: ['x'] })), /a key in it cannot be read/],
    [
      'one with a private key',
      () => signed(content({ keys: [ours.privateKey] })),
      /there is a private key in it/,
    ],
    [
      'one whose network signs with another key',
      () => signed(content({ party: { ...network.party, keyId: 'AB' } })),
      /signs with AB, and that key is not in it/,
    ],
    [
      'one of another version',
      () => signed(content({ flowpactInvitation: 2 })),
      /no invitation of version 1/,
    ],
    ['one with text that is no JSON', () => signed('hello'), /its text is no JSON/],
    ['one with JSON that is no object', () => signed('[1]'), /no invitation of version 1/],
    ['one without a name', () => signed(content({ party: {} })), /party: /],
    [
      'one with a name that hides something',
      () => signed(content({ party: { name: 'isp-\u202Ea' } })),
      /party\.name is not/,
    ],
    ['one with bad networks', () => signed(content({ addressSpace: ['192.0.2.0/33'] })), /addressSpace\[0\]/],
    [
      'one with networks that are no texts',
      () => signed(content({ addressSpace: [7] })),
      /addressSpace is no list/,
    ],
    ['one without languages', () => signed(content({ languages: [] })), /languages is no list/],
    [
      'one with too many routes',
      () => signed(content({ routes: Array(101).fill(network.routes[0]) })),
      /routes is no list/,
    ],
    [
      'one with routes that are none',
      () => signed(content({ routes: [{ transport: 'smtp' }] })),
      /routes is no list/,
    ],
    ['one without a time', () => signed(content({ createdMs: 'now' })), /createdMs is no time/],
    ['one of tomorrow', () => signed(content({ createdMs: exampleMs + dayMs })), /in our future/],
    [
      'one of long ago',
      () => signed(content({ createdMs: exampleMs - 31 * dayMs })),
      /too long ago; ask for a new one/,
    ],
    ['one of no time at all', () => signed(content({ createdMs: -9e15 })), /too long ago/],
    ['text that is not signed', async () => Buffer.from(JSON.stringify(content())), /it is no signed text/],
    ['bytes', async () => Uint8Array.of(0xff, 0xfe, 0), /it is no signed text/],
    ['too much', async () => new Uint8Array(1024 * 1024 + 1), /it has 1048577 bytes; at most 1048576/],
  ])('%s', async (_, make, reason) => {
    await expect(readInvitation(await make(), { clock })).rejects.toMatchObject({
      code: 'EXCHANGE_BAD_INVITATION',
      permanent: true,
      message: expect.stringMatching(reason),
    });
  });
});
