import { createMessage, enums, PacketList, Signature, type SignaturePacket, verify } from 'openpgp';
import { ExchangeError } from '../exchange-error.ts';
import type { HeldKey, PartnerKeyRing } from './partner-key-ring.ts';
import type { Proof } from './trust.ts';
import type { TrustLimits } from './trust-config.ts';

export interface SignatureCheckDeps {
  readonly ring: PartnerKeyRing;
  readonly limits: TrustLimits;
  readonly nowMs: number;
}

/**
 * Whose signatures of these octets hold. One by a key that we don't hold proves nothing and harms nothing; where none
 * holds, one by a key that we do hold says what is wrong.
 * @throws ExchangeError `EXCHANGE_BAD_SIGNATURE`, `EXCHANGE_KEY_REFUSED`, `EXCHANGE_SIGNATURE_TIME`.
 */
export async function checkSignatures(
  signed: Uint8Array,
  packets: readonly SignaturePacket[],
  deps: SignatureCheckDeps,
): Promise<Proof> {
  const { ring, limits } = deps;
  if (packets.length > limits.maxSignatures) {
    throw refusal(
      'EXCHANGE_BAD_SIGNATURE',
      `${packets.length} signatures; at most ${limits.maxSignatures} are read`,
    );
  }
  const signers = new Set<string>();
  const foreign: string[] = [];
  let firstFailure: ExchangeError | undefined;
  for (const packet of packets) {
    const keyId = packet.issuerKeyID.toHex();
    const candidates = ring.signers(keyId);
    if (candidates.length === 0) foreign.push(keyId.toUpperCase());
    for (const held of candidates) {
      try {
        await checkSignature(signed, packet, held, deps);
        signers.add(held.owner);
      } catch (cause) {
        firstFailure ??=
          cause instanceof ExchangeError
            ? cause
            : refusal(
                'EXCHANGE_BAD_SIGNATURE',
                `the key of ${held.owner} cannot be used: ${String(cause)}`,
                cause,
              );
      }
    }
  }
  if (signers.size > 0) return { kind: 'signed', signers: [...signers] };
  if (firstFailure !== undefined) throw firstFailure;
  const reason =
    foreign.length === 0 ? 'it is not signed' : `no partner has the key ${foreign.join(', ')} that signed it`;
  return { kind: 'unsigned', reason };
}

/** @throws ExchangeError. */
async function checkSignature(
  signed: Uint8Array,
  packet: SignaturePacket,
  held: HeldKey,
  { limits, nowMs }: SignatureCheckDeps,
): Promise<void> {
  const { owner, key } = held;
  const createdMs = packet.created?.getTime() ?? Number.NaN;
  const { signatureType } = packet;
  if (signatureType !== enums.signature.binary && signatureType !== enums.signature.text) {
    throw refusal('EXCHANGE_BAD_SIGNATURE', `the signature with a key of ${owner} is none of a document`);
  }
  // The times first: they cost nothing, and if they are forged the signature does not hold either.
  if (!(createdMs <= nowMs + limits.maxSkewMs)) {
    throw refusal(
      'EXCHANGE_SIGNATURE_TIME',
      `${owner} signed at ${timeText(createdMs)}, which is in our future; set the clocks`,
    );
  }
  if (createdMs < nowMs - limits.maxAgeMs) {
    throw refusal(
      'EXCHANGE_SIGNATURE_TIME',
      `${owner} signed at ${timeText(createdMs)}, too long ago: it may be a replay`,
    );
  }
  await checkKey(held, packet.issuerKeyID.toHex(), createdMs, nowMs, limits);
  try {
    const signature = new PacketList<SignaturePacket>();
    signature.push(packet);
    const result = await verify({
      message: await createMessage({ binary: signed }),
      signature: new Signature(signature),
      verificationKeys: [key],
      // A clock ahead of ours is tolerated above.
      date: new Date(Math.max(nowMs, createdMs)),
      format: 'binary',
    });
    await result.signatures[0]?.verified;
  } catch (cause) {
    throw refusal(
      'EXCHANGE_BAD_SIGNATURE',
      `the document is not as ${owner} signed it: ${(cause as Error).message}`,
      cause,
    );
  }
}

/** A stolen key must not speak by setting its clock back, so the key's end is judged by our clock, too. */
async function checkKey(
  { owner, key, fromMs, untilMs, revoked }: HeldKey,
  keyId: string,
  createdMs: number,
  nowMs: number,
  { graceMs }: TrustLimits,
): Promise<void> {
  const name = `the key ${key.getKeyID().toHex().toUpperCase()} of ${owner}`;
  const now = new Date(nowMs);
  const subkey = key.subkeys.find((candidate) => candidate.getKeyID().toHex() === keyId);
  const binding = subkey?.bindingSignatures[0];
  const subkeyRevoked =
    subkey !== undefined && (binding === undefined || (await subkey.isRevoked(binding, key.keyPacket, now)));
  if (revoked === true || subkeyRevoked || (await key.isRevoked(undefined, undefined, now))) {
    throw refusal('EXCHANGE_KEY_REFUSED', `${name} is revoked`);
  }
  if (fromMs !== undefined && createdMs < fromMs) {
    throw refusal('EXCHANGE_KEY_REFUSED', `${name} counts from ${timeText(fromMs)} on only`);
  }
  const ends = await Promise.all([
    key.getExpirationTime(),
    subkey === undefined ? Infinity : subkey.getExpirationTime(new Date(createdMs)),
  ]);
  // `null`: no valid self-signature.
  if (ends.includes(null)) throw refusal('EXCHANGE_KEY_REFUSED', `${name} is not valid in itself`);
  const endMs = Math.min(untilMs ?? Infinity, ...ends.map(Number));
  if (createdMs >= endMs || nowMs > endMs + graceMs) {
    throw refusal(
      'EXCHANGE_KEY_REFUSED',
      `${name} expired at ${timeText(endMs)}; ask ${owner} for its new one`,
    );
  }
}

function timeText(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : 'no time';
}

function refusal(
  code: 'EXCHANGE_BAD_SIGNATURE' | 'EXCHANGE_KEY_REFUSED' | 'EXCHANGE_SIGNATURE_TIME',
  message: string,
  cause?: unknown,
): ExchangeError {
  return new ExchangeError(code, message, { permanent: true, cause });
}
