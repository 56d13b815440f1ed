import { createHash } from 'node:crypto';
import { buildHeaderValue, encodeWords, foldLines } from 'nodemailer/lib/mime-funcs';
import { oneLine } from './mail-text.ts';
import { encodeTransfer, type TransferEncoding, transferEncodingOf } from './transfer-encoding.ts';

/** A part to be written. */
export type MailNode = MailLeaf | MailMultipart;

export interface MailLeaf {
  readonly kind: 'leaf';
  readonly mediaType: string;
  readonly charset?: string | undefined;
  readonly fileName?: string | undefined;
  readonly disposition?: 'inline' | 'attachment' | undefined;
  /** Left out: the one that brings the content over unchanged and is nearest to readable. */
  readonly encoding?: TransferEncoding;
  readonly content: Uint8Array;
}

export interface MailMultipart {
  readonly kind: 'multipart';
  readonly subtype: string;
  /** Beside the boundary. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly parts: readonly (MailNode | Uint8Array)[];
}

/** Names and values; those that are undefined are left out. */
export type MailHeader = Readonly<Record<string, string | undefined>>;

/** A mail in octets; the same mail gives the same octets. Non-ASCII header values become encoded words (RFC 2047). */
export function writeMail(header: MailHeader, body: MailNode): Uint8Array {
  return Buffer.concat([
    Buffer.from(`${headerBlock(header)}MIME-Version: 1.0\r\n`, 'latin1'),
    writePart(body),
  ]);
}

/** The lines of a header, without the empty one that ends it; ASCII. */
export function headerBlock(header: MailHeader): string {
  const lines = Object.entries(header).map(([name, value]) =>
    value === undefined ? '' : headerLine(name, encodeWords(oneLine(value), 'Q', 52)),
  );
  return lines.join('');
}

/** A part with its own header, as it stands between two delimiters. */
export function writePart(node: MailNode): Buffer {
  return node.kind === 'leaf' ? writeLeaf(node) : writeMultipart(node);
}

function writeLeaf({ mediaType, charset, fileName, disposition, encoding, content }: MailLeaf): Buffer {
  const used = encoding ?? transferEncodingOf(content, mediaType);
  const type = parameterised(mediaType, { charset, name: fileName });
  const header = [
    headerLine('Content-Type', type),
    disposition === undefined
      ? ''
      : headerLine('Content-Disposition', parameterised(disposition, { filename: fileName })),
    headerLine('Content-Transfer-Encoding', used),
  ];
  return Buffer.concat([Buffer.from(`${header.join('')}\r\n`, 'latin1'), encodeTransfer(content, used)]);
}

function writeMultipart({ subtype, parameters = {}, parts }: MailMultipart): Buffer {
  const bodies = parts.map((part) => (part instanceof Uint8Array ? part : writePart(part)));
  const boundary = boundaryFor(bodies);
  const type = parameterised(`multipart/${subtype}`, { ...parameters, boundary });
  const pieces: Uint8Array[] = [Buffer.from(`${headerLine('Content-Type', type)}\r\n`, 'latin1')];
  for (const body of bodies) pieces.push(Buffer.from(`--${boundary}\r\n`), body, Buffer.from('\r\n'));
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

/**
 * Made from the parts, so that it cannot be in them, and so that the same parts have the same. `=_` is in no
 * quoted-printable and no base64.
 */
function boundaryFor(bodies: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const body of bodies) hash.update(String(body.length)).update(body);
  return `=_${hash.digest('hex').slice(0, 32)}`;
}

function parameterised(value: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given: Record<string, string> = {};
  for (const [name, text] of Object.entries(parameters)) {
    if (text !== undefined) given[name] = oneLine(text);
  }
  return buildHeaderValue({ value, params: given });
}

function headerLine(name: string, value: string): string {
  return `${foldLines(`${name}: ${value}`, 76, false)}\r\n`;
}
