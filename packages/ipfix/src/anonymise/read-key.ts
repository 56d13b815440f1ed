import { readFileSync } from 'node:fs';
import { IpfixError } from '../ipfix-error.ts';
import { cryptoPanKeyLength } from './crypto-pan.ts';

/**
 * Reads a Crypto-PAn key from a file: 32 octets as they are, or 64 hexadecimal digits with white space where it
 * pleases (`openssl rand -hex 32`).
 *
 * @throws IpfixError `IPFIX_IO`; `IPFIX_BAD_CONFIG` for a file that holds something else
 */
export function readCryptoPanKey(path: string): Uint8Array {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (cause) {
    throw new IpfixError('IPFIX_IO', `cannot read the key in ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (content.length === cryptoPanKeyLength) return content;
  const digits = content.toString('latin1').replace(/\s/g, '');
  if (/^[0-9a-f]{64}$/i.test(digits)) return Buffer.from(digits, 'hex');
  const message = `${path} holds no key: 32 octets or 64 hexadecimal digits are wanted (openssl rand -hex 32)`;
  throw new IpfixError('IPFIX_BAD_CONFIG', message);
}
