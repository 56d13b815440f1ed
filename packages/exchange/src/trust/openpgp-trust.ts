import { type PrivateKey, readSignature, SignaturePacket } from 'openpgp';
import type { Clock } from '../clock.ts';
import { ExchangeError } from '../exchange-error.ts';
import { takeMailApart } from '../mime/mail-parts.ts';
import {
  fieldOf,
  type MimeEntity,
  parseContentType,
  protectedEntity,
  splitHeader,
} from '../mime/mime-entity.ts';
import { canonicalLineEnds, partsOf } from '../mime/multipart-body.ts';
import { decryptEntity, encryptEntity } from './encrypted-entity.ts';
import { readOwnKeys, signingKeys } from './own-keys.ts';
import { createPartnerKeyRing, type PartnerKeyRing } from './partner-key-ring.ts';
import { checkSignatures } from './signature-check.ts';
import { recipientField, signPart, writeSignedPart } from './signed-entity.ts';
import type { Trust } from './trust.ts';
import { defaultTrustLimits, type OpenPgpTrustConfig } from './trust-config.ts';

/** What is signed, and by what. */
interface SignedOctets {
  readonly signed: Buffer;
  readonly signatures: readonly SignaturePacket[];
}

/**
 * Trust by OpenPGP: what leaves is `multipart/signed`, around it `multipart/encrypted` where the partner wants that
 * (RFC 3156), on every transport alike. Each attempt to send signs anew, so that a signature is as old as its way.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG`.
 */
export function createOpenPgpTrust(config: OpenPgpTrustConfig, deps: { readonly clock: Clock }): Trust {
  const { self } = config;
  const limits = { ...defaultTrustLimits, ...config.limits };
  for (const name of [self, ...config.partners.map(({ partner }) => partner)]) {
    if (!/^[\x21-\x7e]{1,200}$/.test(name)) {
      throw new ExchangeError(
        'EXCHANGE_BAD_CONFIG',
        `"${name}" cannot be addressed in a header: up to 200 visible ASCII characters`,
        { permanent: true },
      );
    }
  }
  const encrypted = new Set(config.partners.filter(({ encrypt }) => encrypt).map(({ partner }) => partner));
  let ownKeys: readonly PrivateKey[] = [];
  let ring: PartnerKeyRing | undefined;

  function started(): PartnerKeyRing {
    if (ring === undefined) throw new ExchangeError('EXCHANGE_NOT_RUNNING', 'the keys are not read yet');
    return ring;
  }

  async function signedOctets(entity: MimeEntity): Promise<SignedOctets> {
    if (parseContentType(entity.contentType)?.essence === 'multipart/signed') return readSigned(entity);
    const { bytes, signatures } = await decryptEntity(entity, ownKeys, limits);
    const within = protectedEntity(bytes);
    return within !== undefined && signatures.length === 0
      ? readSigned(within)
      : { signed: bytes, signatures };
  }

  async function readSigned({ contentType, body }: MimeEntity): Promise<SignedOctets> {
    const params = parseContentType(contentType)?.params;
    if (params?.get('protocol')?.toLowerCase() !== 'application/pgp-signature') {
      throw badSignature('multipart/signed of another protocol than application/pgp-signature');
    }
    const parts = partsOf(Buffer.from(body), params.get('boundary') ?? '', 2);
    if (parts?.length !== 2) throw badSignature('multipart/signed without its two parts');
    const { attachments } = await takeMailApart(parts[1]!, limits);
    const armored = attachments.find(({ mediaType }) => mediaType === 'application/pgp-signature');
    if (armored === undefined) throw badSignature('the second part of multipart/signed is no signature');
    try {
      const signature = await readSignature({
        armoredSignature: Buffer.from(armored.bytes).toString('latin1'),
      });
      return { signed: canonicalLineEnds(parts[0]!), signatures: readablePackets(signature.packets) };
    } catch (cause) {
      throw badSignature(`the signature cannot be read: ${(cause as Error).message}`, cause);
    }
  }

  return {
    async start() {
      ownKeys = await readOwnKeys(config.keys);
      const publicKeys = ownKeys.map((key) => key.toPublic());
      ring = await createPartnerKeyRing({ name: self, keys: publicKeys }, config.partners);
    },
    async protect(document, partner) {
      const keys = started();
      const date = new Date(deps.clock.now());
      const usable = await signingKeys(ownKeys, date);
      const entity = await signPart(await writeSignedPart(document, partner), usable, date);
      if (!encrypted.has(partner)) return { ...document, entity };
      return {
        ...document,
        entity: await encryptEntity(entity, await keys.encryptionKeys(partner, date), date),
      };
    },
    async open(document) {
      const { entity, ...rest } = document;
      if (entity === undefined) return { document, proof: { kind: 'unsigned', reason: 'it is not signed' } };
      const { signed, signatures } = await signedOctets(entity);
      const nowMs = deps.clock.now();
      const proof = await checkSignatures(signed, signatures, { ring: started(), limits, nowMs });
      if (proof.kind === 'signed' && proof.signers.includes(self)) {
        throw new ExchangeError('EXCHANGE_OWN_MESSAGE', 'our own message came back: a loop', {
          permanent: true,
        });
      }
      const recipient = fieldOf(splitHeader(signed).header, recipientField);
      if (recipient !== undefined && recipient !== self) {
        throw new ExchangeError(
          'EXCHANGE_WRONG_RECIPIENT',
          `the message was signed for "${recipient.slice(0, 200)}", not for ${self}`,
          { permanent: true },
        );
      }
      const { text, attachments } = await takeMailApart(signed, limits);
      const opened = { ...rest, ...(text === undefined ? {} : { text }), attachments, mail: signed };
      return { document: opened, proof };
    },
  };
}

/** Without those of a version that OpenPGP.js does not know, which it keeps in the list, unlike its types say. */
function readablePackets(packets: readonly SignaturePacket[]): readonly SignaturePacket[] {
  return packets.filter((packet) => packet instanceof SignaturePacket);
}

function badSignature(message: string, cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_SIGNATURE', message, { permanent: true, cause });
}
