import { MIMEType } from 'node:util';
import { Headers } from '@zone-eu/mailsplit';

/** A MIME entity (RFC 2045) whose octets matter, because they are signed or encrypted. */
export interface MimeEntity {
  /** `Content-Type` with all its parameters, on one line. */
  readonly contentType: string;
  /** As it travels. */
  readonly body: Uint8Array;
}

/** The protected entity that a mail is as a whole (RFC 1847); undefined for any other mail. */
export function protectedEntity(mail: Uint8Array): MimeEntity | undefined {
  const { header, body } = splitHeader(mail);
  const contentType = fieldOf(header, 'Content-Type');
  const type = contentType === undefined ? undefined : parseContentType(contentType);
  return type !== undefined && isProtected(type) ? { contentType: contentType!, body } : undefined;
}

export function isProtected({ essence }: MIMEType): boolean {
  return essence === 'multipart/signed' || essence === 'multipart/encrypted';
}

/** Undefined for what is none. */
export function parseContentType(contentType: string): MIMEType | undefined {
  try {
    return new MIMEType(contentType);
  } catch {
    return undefined;
  }
}

/** The entity with its header, as a part of another or on its own. */
export function entityBytes({ contentType, body }: MimeEntity): Buffer {
  return Buffer.concat([Buffer.from(`Content-Type: ${contentType}\r\n\r\n`), body]);
}

/** The value of a field on one line; undefined where it is missing, or there more than once, so that nobody can choose. */
export function fieldOf(header: Buffer, name: string): string | undefined {
  const lines = new Headers(header).get(name);
  return lines.length === 1
    ? lines[0]!
        .replace(/^[^:]*:/, '')
        .replace(/\s+/g, ' ')
        .trim()
    : undefined;
}

/** The fields of a header in their order, each with its folding and without its last line end. */
export function headerFields(header: Buffer): readonly { readonly name: string; readonly text: string }[] {
  return header
    .toString('latin1')
    .split(/\r?\n(?![ \t])/)
    .filter((text) => text !== '')
    .map((text) => ({ name: text.split(':', 1)[0]!.trim(), text }));
}

/** Header and body at the first empty line; without one it is all header. */
export function splitHeader(entity: Uint8Array): { readonly header: Buffer; readonly body: Buffer } {
  const bytes = Buffer.from(entity.buffer, entity.byteOffset, entity.length);
  for (let feed = bytes.indexOf(lineFeed); feed >= 0; feed = bytes.indexOf(lineFeed, feed + 1)) {
    const next = bytes[feed + 1] === carriageReturn ? feed + 2 : feed + 1;
    if (bytes[next] === lineFeed)
      return { header: bytes.subarray(0, feed + 1), body: bytes.subarray(next + 1) };
  }
  return { header: bytes, body: Buffer.alloc(0) };
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
