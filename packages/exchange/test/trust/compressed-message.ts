import { createMessage, encrypt, enums, readKey } from 'openpgp';
import type { OutgoingDocument } from '../../src/index.ts';
import { exampleMs } from '../example-event.ts';
import { keys, outgoing } from './trusted-networks.ts';

/** An encrypted document of few octets that is long when it is unpacked. */
export async function compressed(to: string, octets: number): Promise<OutgoingDocument> {
  const armored = await encrypt({
    message: await createMessage({ binary: new Uint8Array(octets) }),
    encryptionKeys: await readKey({ armoredKey: keys[to]!.publicKey }),
    date: new Date(exampleMs),
    config: { preferredCompressionAlgorithm: enums.compression.zlib, aeadProtect: false },
  });
  const body = Buffer.from(
    '--x\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n' +
      `--x\r\nContent-Type: application/octet-stream\r\n\r\n${armored}\r\n--x--\r\n`,
  );
  const contentType = 'multipart/encrypted; boundary=x; protocol="application/pgp-encrypted"';
  return { ...outgoing(), entity: { contentType, body } };
}
