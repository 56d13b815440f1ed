import { createHash } from 'node:crypto';

/** Whose list it is: identifiers are made of this, so that those of different lists never are the same. */
export interface ListIdentity {
  /** Who says so: a name of the network, usually a domain. */
  readonly producer: string;
  /** Which of its lists. */
  readonly list: string;
}

/** The namespace of the names that this project gives: a producer has one identifier here and in its messages. */
const namespace = Buffer.from('ded647e74e9f468f9db21c22688ff873', 'hex');

/** A UUID made of what it is about (RFC 9562, section 5.5): the same for the same. */
export function uuidOf(...about: readonly (string | number)[]): string {
  const digest = createHash('sha1').update(namespace).update(JSON.stringify(about)).digest();
  digest[6] = (digest[6] & 0x0f) | 0x50;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
