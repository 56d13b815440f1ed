import { encode as encodeQuotedPrintable, wrap } from 'nodemailer/lib/qp';

/** `Content-Transfer-Encoding` (RFC 2045, section 6). */
export type TransferEncoding = '7bit' | '8bit' | 'binary' | 'quoted-printable' | 'base64';

/** The octets that were encoded; those of an encoding that nobody knows as they are. Damage is passed over. */
export function decodeTransfer(body: Buffer, encoding: string): Uint8Array {
  switch (encoding) {
    case 'base64':
      return Buffer.from(body.toString('latin1'), 'base64');
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    default:
      return body;
  }
}

/** The encoding that brings these octets over unchanged and is nearest to readable. */
export function transferEncodingOf(content: Uint8Array, mediaType: string): TransferEncoding {
  const octets = Buffer.from(content.buffer, content.byteOffset, content.length);
  const text = octets.toString('latin1');
  const hasWireLines = !/(^|[^\r])\n|\r(?!\n)/.test(text);
  const hasLongLines = longestLine(octets) > 998;
  const isAscii = /^[\t\r\n -~]*$/.test(text);
  if (mediaType.startsWith('message/') || mediaType === 'text/rfc822-headers') {
    // Another encoding is forbidden for mails within mails (RFC 2046, section 5.2.1).
    if (!hasWireLines || hasLongLines || text.includes('\0')) return 'binary';
    return isAscii ? '7bit' : '8bit';
  }
  if (!mediaType.startsWith('text/') || !hasWireLines) return 'base64';
  // Space at the end of a line and "From " at its beginning do not survive every way (RFC 3156, section 3).
  const isSafe = isAscii && !hasLongLines && !/[ \t](\r\n|$)/.test(text) && !/(^|\n)(From |\.)/.test(text);
  return isSafe ? '7bit' : 'quoted-printable';
}

export function encodeTransfer(content: Uint8Array, encoding: TransferEncoding): Buffer {
  const octets = Buffer.from(content.buffer, content.byteOffset, content.length);
  switch (encoding) {
    case 'base64':
      return Buffer.from(octets.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n'), 'latin1');
    case 'quoted-printable':
      return Buffer.from(
        wrap(encodeQuotedPrintable(octets).replace(/^(From |\.)/gm, escapedStart)),
        'latin1',
      );
    default:
      return octets;
  }
}

function escapedStart(start: string): string {
  return `=${start.charCodeAt(0).toString(16).toUpperCase()}${start.slice(1)}`;
}

const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const equals = 0x3d;

/** RFC 2045, section 6.7; an equals sign that begins no octet stands for itself. */
function decodeQuotedPrintable(body: Buffer): Uint8Array {
  const decoded = Buffer.allocUnsafe(body.length);
  let length = 0;
  /** Where the space at the end of a line begins, which was added on the way. */
  let inked = 0;
  for (let i = 0; i < body.length; i++) {
    const octet = body[i];
    if (octet === lf || (octet === cr && body[i + 1] === lf)) length = inked;
    else if (octet === equals) {
      const lineEnd = body[i + 1] === cr ? i + 2 : i + 1;
      if (body[lineEnd] === lf || lineEnd >= body.length) {
        i = lineEnd;
        inked = length;
        continue;
      }
      const [high, low] = [hexDigit(body[i + 1]), hexDigit(body[i + 2])];
      if (high >= 0 && low >= 0) {
        decoded[length++] = high * 16 + low;
        inked = length;
        i += 2;
        continue;
      }
    }
    decoded[length++] = octet;
    if (octet !== space && octet !== tab) inked = length;
  }
  return decoded.subarray(0, inked);
}

function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function longestLine(octets: Buffer): number {
  let longest = 0;
  for (let start = 0; start <= octets.length; ) {
    const end = octets.indexOf(lf, start);
    longest = Math.max(longest, (end < 0 ? octets.length : end) - start);
    if (end < 0) break;
    start = end + 1;
  }
  return longest;
}
