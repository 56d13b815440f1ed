import { readPrivateKey } from 'openpgp';
import {
  type Clock,
  createOpenPgpKey,
  createOpenPgpTrust,
  type IncomingDocument,
  type NewKey,
  type OpenPgpTrustConfig,
  type OutgoingDocument,
  type PartnerKey,
  type Trust,
} from '../../src/index.ts';
import { exampleMs } from '../example-event.ts';

export const a = 'isp-a.example';
export const b = 'isp-b.example';
export const c = 'isp-c.example';
export const dayMs = 24 * 3_600_000;

export const clockAt = (nowMs: number): Clock => ({ now: () => nowMs });

/** A key that was made some days before the time of the examples. */
export function keyOf(name: string, options: { madeMs?: number; lifetimeMs?: number } = {}): Promise<NewKey> {
  const { madeMs = exampleMs - 30 * dayMs, ...rest } = options;
  return createOpenPgpKey({ name, email: `flex@${name}`, ...rest }, { clock: clockAt(madeMs) });
}

/** One key for each of the three networks. */
export const keys: Readonly<Record<string, NewKey>> = {
  [a]: await keyOf(a),
  [b]: await keyOf(b),
  [c]: await keyOf(c),
};

/** A network that signs with its key and holds those of the two others. */
export function trustOf(
  self: string,
  changed: Partial<OpenPgpTrustConfig> = {},
  clock = clockAt(exampleMs),
): Trust {
  const others = [a, b, c].filter((name) => name !== self);
  return createOpenPgpTrust(
    {
      self,
      keys: [{ armored: keys[self]!.privateKey }],
      partners: others.map((partner) => ({ partner, keys: [{ armored: keys[partner]!.publicKey }] })),
      ...changed,
    },
    { clock },
  );
}

export async function startedTrust(...args: Parameters<typeof trustOf>): Promise<Trust> {
  const trust = trustOf(...args);
  await trust.start();
  return trust;
}

/** What a partner holds of another network. */
export const holding = (partner: string, ...held: readonly PartnerKey[]) => ({
  partners: [{ partner, keys: held }],
});

export function outgoing(
  bytes: Uint8Array = Buffer.from('a record'),
): OutgoingDocument & { to: { address: string } } {
  return {
    to: { transport: 'memory', address: `flex@${b}` },
    summary: { subject: 'alert', text: 'An attack.\nFrom here, \u00fcberall. \n' },
    attachment: { name: 'x.json', mediaType: 'application/json', bytes },
    reference: { sender: a, id: '1' },
  };
}

/** The document as a transport brings it. */
export function arrived(sent: OutgoingDocument, from = `flex@${a}`): IncomingDocument {
  if (sent.entity === undefined) throw new Error('the document was not protected');
  return { transport: 'memory', envelopeFrom: from, envelopeTo: [], attachments: [], entity: sent.entity };
}

/** The key with its revocation in it, as a partner would hand it over. */
export async function revokedKey({ privateKey }: NewKey, atMs: number): Promise<string> {
  const key = await readPrivateKey({ armoredKey: privateKey });
  return (await key.revoke({ string: 'stolen' }, new Date(atMs))).toPublic().armor();
}
