import { createCleartextMessage, sign } from 'openpgp';
import { type Clock, systemClock } from '../clock.ts';
import { knownPartner } from '../partner/known-partner.ts';
import { readOwnKeys, signingKeys } from '../trust/own-keys.ts';
import type { SecretKey } from '../trust/trust-config.ts';
import type { InvitationText, InvitedNetwork } from './invitation.ts';

/**
 * A small file to hand over: what a partner has to know of us, and our public keys, as JSON within an OpenPGP cleartext
 * signature (RFC 9580, section 7), which people can read and any OpenPGP tool can verify.
 * @param keys Ours. All that can sign now are in it, and sign it.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG`, `EXCHANGE_NO_KEY`.
 */
export async function createInvitation(
  { party, addressSpace, languages, routes }: InvitedNetwork,
  keys: readonly SecretKey[],
  deps: { readonly clock: Clock } = { clock: systemClock },
): Promise<Uint8Array> {
  const network = { party, addressSpace, languages, routes };
  knownPartner(network);
  const nowMs = deps.clock.now();
  const date = new Date(nowMs);
  const usable = await signingKeys(await readOwnKeys(keys), date);
  const text: InvitationText = {
    flowpactInvitation: 1,
    createdMs: nowMs,
    ...network,
    keys: usable.map((key) => key.toPublic().armor()),
  };
  const message = await createCleartextMessage({ text: JSON.stringify(text, undefined, 2) });
  return Buffer.from(await sign({ message, signingKeys: [...usable], date }), 'utf8');
}
