import { Headers, type MimeNode, Splitter } from '@zone-eu/mailsplit';
import { FormatsError } from '../formats-error.ts';
import { checkSize, type FormatsLimits } from '../formats-limits.ts';
import type { HeaderField, MailPart } from './mail-part.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/**
 * Takes a mail (RFC 5322, MIME) apart, its parts as they came. A mail that was stored with bare line feeds is read as
 * if it had come over the wire, with CRLF: signatures are about that form.
 * @throws FormatsError `FORMATS_LIMIT`, `FORMATS_BAD_SYNTAX`
 */
export function readMail(bytes: Uint8Array, limits: FormatsLimits): MailPart {
  checkSize(bytes, limits);
  const mail = withWireLineEnds(
    withoutLeadingSpace(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
  );
  const splitter: LineSplitter = new Splitter({
    ignoreEmbedded: true,
    maxHeadSize: limits.maxHeaderBytes,
    maxChildNodes: limits.maxParts,
  }) as unknown as LineSplitter;
  const root: OpenPart = openPart(splitter.node, 0, undefined);
  let innermost = root;

  const take = (line: Buffer | false, start: number, end: number, isLast: boolean) => {
    const before = splitter.node;
    if (before.headers === false) innermost.hasType ||= giveType(before, line, innermost.hasType);
    const hadHeaders = before.headers !== false;
    splitter.processLine(line, isLast, (error) => {
      if (error) throw limitOrSyntax(error, limits);
    });
    const after = splitter.node;
    if (after === before) {
      if (!hadHeaders && before.headers !== false) innermost.bodyStart = end;
      return;
    }
    // A delimiter: everything within the multipart that owns it ends before the line break in front of it.
    const isNext = !isOpen(innermost, after);
    const owner = isNext ? after.parentNode : after;
    while (innermost.parent !== undefined && innermost.node !== owner) {
      close(innermost, start, mail);
      innermost = innermost.parent;
    }
    if (!isNext) return;
    const part = openPart(after, end, innermost);
    if (part.depth > limits.maxNesting) {
      throw new FormatsError('FORMATS_LIMIT', `parts nest deeper than maxNesting, ${limits.maxNesting}`);
    }
    innermost.parts.push(part);
    innermost = part;
  };

  let start = 0;
  while (start < mail.length) {
    const lineFeed = mail.indexOf(lf, start);
    const end = lineFeed < 0 ? mail.length : lineFeed + 1;
    take(mail.subarray(start, end), start, end, false);
    start = end;
  }
  take(false, mail.length, mail.length, true);
  for (let part: OpenPart | undefined = innermost; part !== undefined; part = part.parent)
    part.end ??= mail.length;
  return finished(root, mail);
}

/** The fields of a header, or of a body that looks like one (`message/feedback-report`). */
export function fieldsOf(header: Uint8Array): readonly HeaderField[] {
  const fields: HeaderField[] = [];
  for (const { line } of new Headers(Buffer.from(header)).getList()) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    if (colon < 0 || !/^[!-9;-~]+$/.test(name)) continue;
    // mailsplit gives one character for each octet.
    fields.push({ name, value: unfolded(Buffer.from(line.slice(colon + 1), 'latin1')) });
  }
  return fields;
}

const lf = 0x0a;
const cr = 0x0d;

/**
 * What mailsplit does for each line, without the stream around it, whose parts would come in later turns of the event
 * loop. The method is missing in the declarations of @zone-eu/mailsplit, which is pinned.
 */
interface LineSplitter {
  readonly node: MimeNode;
  processLine(line: Buffer | false, isLast: boolean, done: (error: Error | null | undefined) => void): void;
}

interface OpenPart {
  readonly node: MimeNode;
  readonly parent: OpenPart | undefined;
  readonly depth: number;
  readonly parts: OpenPart[];
  readonly start: number;
  /** Whether its header says a `Content-Type`. */
  hasType: boolean;
  bodyStart: number | undefined;
  end: number | undefined;
}

function openPart(node: MimeNode, start: number, parent: OpenPart | undefined): OpenPart {
  const depth = parent === undefined ? 0 : parent.depth + 1;
  return { node, parent, depth, parts: [], start, hasType: false, bodyStart: undefined, end: undefined };
}

/**
 * Says the default of RFC 2045, section 5.2, at the end of a header without `Content-Type`: mailsplit asks a function
 * for it that libmime does not have. Whether the header has one now.
 */
function giveType(node: MimeNode, line: Buffer | false, hasType: boolean): boolean {
  if (hasType) return true;
  const text = line === false ? '' : line.toString('latin1', 0, 40);
  if (/^content-type[ \t]*:/i.test(text)) return true;
  if (text.trim() !== '' && !text.startsWith('--')) return false;
  node.addHeaderChunk(Buffer.from('Content-Type: text/plain\r\n'));
  return true;
}

function isOpen(innermost: OpenPart, node: MimeNode): boolean {
  for (let part: OpenPart | undefined = innermost; part !== undefined; part = part.parent) {
    if (part.node === node) return true;
  }
  return false;
}

function close(part: OpenPart, delimiterStart: number, mail: Buffer): void {
  let end = delimiterStart;
  if (end > part.start && mail[end - 1] === lf) end--;
  if (end > part.start && mail[end - 1] === cr) end--;
  part.end = end;
  // A part that is nothing but its header.
  if (part.node.headers === false) part.node.parseHeaders();
}

function finished(part: OpenPart, mail: Buffer): MailPart {
  const { node } = part;
  const end = part.end ?? mail.length;
  const body = mail.subarray(Math.min(part.bodyStart ?? end, end), end);
  const isMultipart = part.parts.length > 0;
  return {
    fields: fieldsOf(mail.subarray(part.start, Math.min(part.bodyStart ?? end, end))),
    mediaType: node.contentType || 'text/plain',
    charset: node.charset || undefined,
    fileName: node.filename || undefined,
    isAttachment: node.disposition === 'attachment',
    content: isMultipart ? new Uint8Array() : decodeTransfer(body, node.encoding || '7bit'),
    octets: mail.subarray(part.start, end),
    parts: part.parts.map((child) => finished(child, mail)),
  };
}

/** RFC 5322, section 2.2.3; text that is not UTF-8 as if it were ISO-8859-1. */
function unfolded(octets: Buffer): string {
  const utf8 = octets.toString('utf8');
  const text = utf8.includes('\ufffd') ? octets.toString('latin1') : utf8;
  return text.replace(/\r?\n(?=[ \t])/g, '').trim();
}

/** Mails were seen with empty lines, or lines of nothing but space, before their header. */
function withoutLeadingSpace(mail: Buffer): Buffer {
  let start = 0;
  while (start < mail.length) {
    const lineFeed = mail.indexOf(lf, start);
    if (lineFeed < 0 || lineFeed - start > 998 || mail.toString('latin1', start, lineFeed).trim() !== '')
      break;
    start = lineFeed + 1;
  }
  return mail.subarray(start);
}

function withWireLineEnds(mail: Buffer): Buffer {
  const first = mail.indexOf(lf);
  if (first < 0 || mail[first - 1] === cr) return mail;
  return Buffer.from(mail.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

function limitOrSyntax(error: Error, { maxHeaderBytes, maxParts }: FormatsLimits): FormatsError {
  if ((error as { code?: string }).code === 'EMAXLEN') {
    const message = `the mail has a header larger than maxHeaderBytes, ${maxHeaderBytes}, or more parts than maxParts, ${maxParts}`;
    return new FormatsError('FORMATS_LIMIT', message, { cause: error });
  }
  return new FormatsError('FORMATS_BAD_SYNTAX', `the mail cannot be taken apart: ${error.message}`, {
    cause: error,
  });
}

/** A header field, or the line that mailboxes put before a mail; empty lines before it are passed over. */
export function looksLikeMail(bytes: Uint8Array): boolean {
  return /^\s*(From |[!-9;-~]{1,80}[ \t]*:)/.test(Buffer.from(bytes.subarray(0, 1_024)).toString('latin1'));
}
