import { writeUint16, writeUint32 } from '../message/network-byte-order.ts';
import { variableLength } from '../message/template.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import type { FieldValue } from './field-value.ts';
import { msToNtp } from './ntp-time.ts';
import { parseIpv4, parseIpv6, parseMac } from './parse-address.ts';

/**
 * Writes one field's value at `at`.
 *
 * @returns the offset behind it
 * @throws BadValue where the value does not fit
 */
export type ValueWriter = (value: FieldValue, out: Uint8Array, at: number) => number;

/** Says why a value does not fit; the encoder adds which field of which template it was for. */
export class BadValue extends Error {}

const utf8 = new TextEncoder();

/** Longest value that the 1-octet form of a length can announce (RFC 7011 section 7). */
const longestShortForm = 254;

/** Lengths that a field of the type may have on the wire; reduced-size encoding is RFC 7011 section 6.2. */
function allowedLengths(dataType: AbstractDataType): { readonly least: number; readonly most: number } {
  switch (dataType) {
    case 'unsigned8':
    case 'signed8':
    case 'boolean':
      return { least: 1, most: 1 };
    case 'unsigned16':
    case 'signed16':
      return { least: 1, most: 2 };
    case 'unsigned32':
    case 'signed32':
      return { least: 1, most: 4 };
    case 'unsigned64':
    case 'signed64':
      return { least: 1, most: 8 };
    case 'float32':
    case 'dateTimeSeconds':
    case 'ipv4Address':
      return { least: 4, most: 4 };
    case 'float64':
      return { least: 4, most: 8 };
    case 'macAddress':
      return { least: 6, most: 6 };
    case 'dateTimeMilliseconds':
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return { least: 8, most: 8 };
    case 'ipv6Address':
      return { least: 16, most: 16 };
    case 'string':
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return { least: 1, most: variableLength };
    default:
      return dataType satisfies never;
  }
}

/** Whether the encoder writes a field of this type with this length (65535: variable). */
export function isWritable(dataType: AbstractDataType, length: number): boolean {
  const { least, most } = allowedLengths(dataType);
  if (dataType === 'float64' && length !== 4 && length !== 8) return false;
  return length >= least && length <= most;
}

/** The writer of a field that {@link isWritable}. */
export function createValueWriter(dataType: AbstractDataType, length: number): ValueWriter {
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
      return (value, out, at) => writeInteger(value, out, at, length, false);
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      return (value, out, at) => writeInteger(value, out, at, length, true);
    case 'float32':
    case 'float64':
      return (value, out, at) => writeFloat(value, out, at, length);
    case 'boolean':
      return (value, out, at) => {
        if (typeof value !== 'boolean') throw new BadValue('give true or false');
        out[at] = value ? 1 : 2;
        return at + 1;
      };
    case 'dateTimeSeconds':
      return (value, out, at) => {
        if (typeof value !== 'number' || value % 1000 !== 0) throw new BadValue('give ms of a whole second');
        return writeInteger(value / 1000, out, at, length, false);
      };
    case 'dateTimeMilliseconds':
      return (value, out, at) => writeInteger(value, out, at, length, false);
    case 'dateTimeMicroseconds':
      return (value, out, at) => writeNtp(value, out, at, 'micro');
    case 'dateTimeNanoseconds':
      return (value, out, at) => writeNtp(value, out, at, 'nano');
    case 'ipv4Address':
      return (value, out, at) => {
        const address = typeof value === 'string' ? parseIpv4(value) : value;
        if (address === undefined) throw new BadValue('give a dotted IPv4 address or an unsigned integer');
        return writeInteger(address, out, at, length, false);
      };
    case 'macAddress':
      return (value, out, at) => {
        const address = typeof value === 'string' ? parseMac(value) : value;
        if (address === undefined)
          throw new BadValue('give six hexadecimal octets with colons or an integer');
        return writeInteger(address, out, at, length, false);
      };
    case 'ipv6Address':
      return (value, out, at) => {
        const groups = typeof value === 'string' ? parseIpv6(value) : undefined;
        if (groups === undefined) throw new BadValue('give an IPv6 address without a zone');
        for (const [i, group] of groups.entries()) writeUint16(out, at + 2 * i, group);
        return at + 16;
      };
    case 'string':
      return (value, out, at) => {
        if (typeof value !== 'string') throw new BadValue('give a string');
        return writeOctets(utf8.encode(value), out, at, length);
      };
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return (value, out, at) => {
        if (!(value instanceof Uint8Array)) throw new BadValue('give a Uint8Array');
        return writeOctets(value, out, at, length);
      };
    default:
      return dataType satisfies never;
  }
}

function writeInteger(
  value: FieldValue,
  out: Uint8Array,
  at: number,
  length: number,
  signed: boolean,
): number {
  const bits = 8 * length;
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    const least = signed ? -(2 ** (bits - 1)) : 0;
    const beyond = signed ? 2 ** (bits - 1) : 2 ** bits;
    if (value < least || value >= beyond) throw new BadValue(`it is outside ${length} octets`);
    // Division, since shifts would cut to 32 bits; the floor keeps two's complement for negative numbers.
    let rest = value;
    for (let i = at + length - 1; i >= at; i--) {
      out[i] = rest & 0xff;
      rest = Math.floor(rest / 256);
    }
    return at + length;
  }
  if (typeof value === 'bigint') {
    const cut = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
    if (cut !== value) throw new BadValue(`it is outside ${length} octets`);
    let rest = value;
    for (let i = at + length - 1; i >= at; i--) {
      out[i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return at + length;
  }
  throw new BadValue('give an integer; a bigint beyond 2^53 - 1');
}

function writeFloat(value: FieldValue, out: Uint8Array, at: number, length: number): number {
  if (typeof value !== 'number') throw new BadValue('give a number');
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  if (length === 4) view.setFloat32(at, value);
  else view.setFloat64(at, value);
  return at + length;
}

function writeNtp(value: FieldValue, out: Uint8Array, at: number, unit: 'micro' | 'nano'): number {
  const ntp = typeof value === 'number' ? msToNtp(value, unit) : undefined;
  if (ntp === undefined) throw new BadValue('give milliseconds since 1970 between 1968 and 2104');
  writeUint32(out, at, ntp.seconds);
  writeUint32(out, at + 4, ntp.fraction);
  return at + 8;
}

/** Octets with their length in front, or padded with NULs to the fixed length. */
function writeOctets(octets: Uint8Array, out: Uint8Array, at: number, length: number): number {
  let start = at;
  if (length === variableLength) {
    if (at + 3 + octets.length > out.length) throw new BadValue('the record is longer than a message');
    if (octets.length <= longestShortForm) {
      out[start++] = octets.length;
    } else {
      out[start] = 255;
      writeUint16(out, start + 1, octets.length);
      start += 3;
    }
    out.set(octets, start);
    return start + octets.length;
  }
  if (octets.length > length) throw new BadValue(`${octets.length} octets are more than ${length}`);
  out.set(octets, start);
  out.fill(0, start + octets.length, start + length);
  return start + length;
}
