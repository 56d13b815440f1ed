/** Octets kept free behind every constant and string: room for any number, address or time that follows. */
const slack = 64;

const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

/** Letters of the flags UAPRSF, highest bit first. */
const flagLetters = Buffer.from('UAPRSF', 'latin1');
const noFlag = 0x2e;

const utf8 = new TextEncoder();

/**
 * The line under construction, as octets; it grows with the longest line, which is some ten times a message. Writing digits and constants into a buffer and making one string at the
 * end costs about a third of adding strings up, which leaves a tree of small ones to be made flat later.
 */
export class LineBuffer {
  private bytes = Buffer.alloc(4096);
  private length = 0;
  private isAscii = true;

  /** The line so far; the next one begins. */
  take(): string {
    const text = this.bytes.toString(this.isAscii ? 'latin1' : 'utf8', 0, this.length);
    this.length = 0;
    this.isAscii = true;
    return text;
  }

  /** Text known beforehand, in ASCII. Values other than strings must follow one, which makes room for them. */
  constant(text: Uint8Array): void {
    this.reserve(text.length);
    const { bytes, length } = this;
    for (let i = 0; i < text.length; i++) bytes[length + i] = text[i];
    this.length = length + text.length;
  }

  /** Text of a few characters of ASCII. */
  ascii(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length + i] = text.charCodeAt(i);
    this.length += text.length;
  }

  /** An integer in decimal. */
  integer(value: number): void {
    let rest = value;
    if (!Number.isSafeInteger(rest)) {
      this.ascii(BigInt(rest).toString());
      return;
    }
    if (rest < 0) {
      this.bytes[this.length++] = 0x2d;
      rest = -rest;
    }
    if (rest < 1e8) {
      this.digits(rest, countDigits(rest));
      return;
    }
    // Integer arithmetic has 32 bits, so that larger numbers go in parts of eight digits.
    const high = Math.floor(rest / 1e8);
    this.integer(high);
    this.digits(rest - high * 1e8, 8);
  }

  /** An integer in decimal that may be too large for a number. */
  wideInteger(value: number | bigint): void {
    if (typeof value === 'number') this.integer(value);
    else this.ascii(value.toString());
  }

  /** The same, as a JSON string where a reader would round it. */
  jsonInteger(value: number | bigint): void {
    if (typeof value === 'number') this.integer(value);
    else this.ascii(`"${value}"`);
  }

  /** A dotted IPv4 address, without quotes. */
  ipv4(address: number): void {
    this.octet(address >>> 24);
    this.bytes[this.length++] = 0x2e;
    this.octet((address >>> 16) & 255);
    this.bytes[this.length++] = 0x2e;
    this.octet((address >>> 8) & 255);
    this.bytes[this.length++] = 0x2e;
    this.octet(address & 255);
  }

  /** TCP flags as six characters `UAPRSF`, without quotes. */
  flags(flags: number): void {
    for (let i = 0; i < 6; i++) this.bytes[this.length++] = (flags >> (5 - i)) & 1 ? flagLetters[i] : noFlag;
  }

  /** `value` in exactly `count` decimal digits; below 2^31. */
  digits(value: number, count: number): void {
    const { bytes } = this;
    let rest = value | 0;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const tens = (rest / 10) | 0;
      bytes[at] = zero + rest - tens * 10;
      rest = tens;
    }
    this.length += count;
  }

  /** Two hexadecimal digits an octet. */
  hex(source: Uint8Array, start: number, end: number): void {
    this.reserve(2 * (end - start));
    for (let i = start; i < end; i++) {
      this.bytes[this.length++] = hexDigits[source[i] >> 4];
      this.bytes[this.length++] = hexDigits[source[i] & 15];
    }
  }

  /**
   * The content of a JSON string as IPFIXcol writes it: each octet is a character, those below 0x20 are dropped
   * (which removes padding), those above 0x7f become `\u00xx`.
   */
  ipfixcolString(source: Uint8Array, start: number, end: number): void {
    this.reserve(6 * (end - start));
    const { bytes } = this;
    let at = this.length;
    for (let i = start; i < end; i++) {
      const octet = source[i];
      if (octet < 0x20) continue;
      if (octet > 0x7f) {
        at += bytes.write('\\u00', at, 'latin1');
        bytes[at++] = hexDigits[octet >> 4];
        bytes[at++] = hexDigits[octet & 15];
        continue;
      }
      if (octet === quote || octet === backslash) bytes[at++] = backslash;
      bytes[at++] = octet;
    }
    this.length = at;
  }

  /** Octets that are ASCII without anything to be escaped, between quotes; false, and nothing done, if not. */
  plainJsonString(source: Uint8Array, start: number, end: number): boolean {
    this.reserve(end - start + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = quote;
    for (let i = start; i < end; i++) {
      const octet = source[i];
      if (octet < 0x20 || octet > 0x7e || octet === quote || octet === backslash) return false;
      bytes[at++] = octet;
    }
    bytes[at++] = quote;
    this.length = at;
    return true;
  }

  /** Any text. */
  text(text: string): void {
    // A UTF-16 code unit makes three octets at most.
    this.reserve(3 * text.length);
    const { written } = utf8.encodeInto(text, this.bytes.subarray(this.length));
    if (written !== text.length) this.isAscii = false;
    this.length += written;
  }

  private octet(value: number): void {
    this.digits(value, value < 10 ? 1 : value < 100 ? 2 : 3);
  }

  private reserve(octets: number): void {
    const needed = this.length + octets + slack;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.alloc(2 * needed);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** Decimal digits of an integer below 10^8. */
function countDigits(value: number): number {
  if (value < 1e4) return value < 1e2 ? (value < 10 ? 1 : 2) : value < 1e3 ? 3 : 4;
  return value < 1e6 ? (value < 1e5 ? 5 : 6) : value < 1e7 ? 7 : 8;
}
