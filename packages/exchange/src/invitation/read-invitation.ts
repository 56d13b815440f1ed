import { partySchema } from '@flowpact/event';
import { type CleartextMessage, type Key, readCleartextMessage, readKey, verify } from 'openpgp';
import { type Clock, systemClock } from '../clock.ts';
import { ExchangeError } from '../exchange-error.ts';
import { knownPartner } from '../partner/known-partner.ts';
import { maxKeysPerPartner } from '../trust/trust-config.ts';
import type { Invitation, InvitationText } from './invitation.ts';

export interface InvitationLimits {
  /** Bytes of the file. Default 1 MiB. */
  readonly maxBytes: number;
  /** An older one is refused: its routes and keys may have changed, milliseconds. Default 30 days. */
  readonly maxAgeMs: number;
  /** How far the clock of its maker may be ahead of ours, milliseconds. Default 5 min. */
  readonly maxSkewMs: number;
}

export const defaultInvitationLimits: InvitationLimits = {
  maxBytes: 1024 * 1024,
  maxAgeMs: 30 * 24 * 3_600_000,
  maxSkewMs: 5 * 60_000,
};

const maxListLength = 100;
const maxTextLength = 500;

/**
 * Reads what another network made with `createInvitation`, and checks that it is whole, fresh, and signed with every key
 * in it. That the keys are those of the network which it names, only a comparison of fingerprints can show.
 * @throws ExchangeError `EXCHANGE_BAD_INVITATION`.
 */
export async function readInvitation(
  bytes: Uint8Array,
  deps: { readonly clock: Clock; readonly limits?: Partial<InvitationLimits> } = { clock: systemClock },
): Promise<Invitation> {
  const limits = { ...defaultInvitationLimits, ...deps.limits };
  if (bytes.length > limits.maxBytes)
    throw bad(`it has ${bytes.length} bytes; at most ${limits.maxBytes} are read`);
  const nowMs = deps.clock.now();
  const message = await readSigned(bytes);
  const text = parse(message.getText());
  if (text.createdMs > nowMs + limits.maxSkewMs)
    throw bad(`it was made at ${timeText(text.createdMs)}, in our future`);
  if (text.createdMs < nowMs - limits.maxAgeMs) {
    throw bad(`it was made at ${timeText(text.createdMs)}, too long ago; ask for a new one`);
  }
  const keys = await Promise.all(text.keys.map(readPublicKey));
  await checkSignatures(message, keys, new Date(Math.max(nowMs, text.createdMs)));
  const { party, addressSpace, languages, routes } = text;
  const fingerprints = keys.map((key) => key.getFingerprint().toUpperCase());
  if (party.keyId !== undefined && !fingerprints.includes(party.keyId)) {
    throw bad(`its network signs with ${party.keyId}, and that key is not in it`);
  }
  return {
    network: { party, addressSpace, languages, routes },
    keys: keys.map((key) => ({ armored: key.armor() })),
    fingerprints: fingerprints.map((digits) => digits.replace(/(.{4})(?=.)/g, '$1 ')),
    createdMs: text.createdMs,
  };
}

async function readSigned(bytes: Uint8Array): Promise<CleartextMessage> {
  try {
    const cleartextMessage = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return await readCleartextMessage({ cleartextMessage });
  } catch (cause) {
    throw bad(`it is no signed text: ${(cause as Error).message}`, cause);
  }
}

function parse(json: string): InvitationText {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw bad(`its text is no JSON: ${(cause as Error).message}`, cause);
  }
  if (!isRecord(value) || value.flowpactInvitation !== 1) throw bad('its text is no invitation of version 1');
  const { createdMs, party, addressSpace = [], languages, routes, keys } = value;
  if (typeof createdMs !== 'number' || !Number.isSafeInteger(createdMs)) throw bad('createdMs is no time');
  const parsedParty = partySchema.safeParse(party);
  if (!parsedParty.success) throw bad(`party: ${parsedParty.error.issues[0]?.message}`);
  const { name } = parsedParty.data;
  if (!/^[!-~]{1,253}$/.test(name)) throw bad('party.name is not 1 to 253 visible ASCII characters');
  if (!isTextList(languages) || languages.length === 0) throw bad('languages is no list of names');
  if (!isList(routes) || routes.length === 0 || !routes.every(isRoute))
    throw bad('routes is no list of routes');
  if (!isList(keys) || keys.length === 0 || keys.length > maxKeysPerPartner || !keys.every(isString)) {
    throw bad(`keys is no list of 1 to ${maxKeysPerPartner} keys`);
  }
  if (!Array.isArray(addressSpace) || !addressSpace.every(isString))
    throw bad('addressSpace is no list of networks');
  const network = {
    party: parsedParty.data,
    addressSpace,
    languages,
    routes: routes.map(({ transport, address }) => ({ transport, address })),
  };
  try {
    knownPartner(network);
  } catch (cause) {
    throw bad((cause as Error).message, cause);
  }
  return { flowpactInvitation: 1, createdMs, ...network, keys };
}

async function readPublicKey(armoredKey: string): Promise<Key> {
  let key: Key;
  try {
    key = await readKey({ armoredKey });
  } catch (cause) {
    throw bad(`a key in it cannot be read: ${(cause as Error).message}`, cause);
  }
  if (key.isPrivate())
    throw bad('there is a private key in it, which is no secret any more: it has to be revoked');
  return key;
}

/** Whoever made it holds all of its keys: nobody is made a partner's voice without knowing. */
async function checkSignatures(message: CleartextMessage, keys: readonly Key[], date: Date): Promise<void> {
  const { signatures } = await verify({ message, verificationKeys: [...keys], date });
  const good = new Set<string>();
  const reasons: string[] = [];
  for (const { keyID, verified } of signatures.slice(0, 2 * maxKeysPerPartner)) {
    try {
      await verified;
      good.add(keyID.toHex());
    } catch (cause) {
      reasons.push((cause as Error).message);
    }
  }
  for (const key of keys) {
    if (key.getKeyIDs().some((keyId) => good.has(keyId.toHex()))) continue;
    const name = key.getKeyID().toHex().toUpperCase();
    throw bad(
      `the key ${name} in it has not signed it as it is${reasons.length === 0 ? '' : `: ${reasons[0]}`}`,
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= maxListLength;
}

function isTextList(value: unknown): value is readonly string[] {
  return (
    isList(value) && value.every((text) => isString(text) && text.length > 0 && text.length <= maxTextLength)
  );
}

function isRoute(value: unknown): value is { readonly transport: string; readonly address: string } {
  return isRecord(value) && isTextList([value.transport, value.address]);
}

function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms}` : date.toISOString();
}

function bad(what: string, cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_INVITATION', `not an invitation to be trusted: ${what}`, {
    permanent: true,
    cause,
  });
}
