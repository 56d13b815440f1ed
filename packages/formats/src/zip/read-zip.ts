import { inflateRawSync } from 'node:zlib';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Signatures of the records (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). */
const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;

/** An end record has 22 octets and a comment of at most 65,535. */
const endLength = 22;
const maxComment = 0xffff;

/**
 * The files of a ZIP archive, by its central directory: stored or deflated, not encrypted, without ZIP64. What they
 * unpack to is bounded by `maxBytes` together, whatever the archive says of their lengths.
 * @throws FormatsError `FORMATS_BAD_SYNTAX`, `FORMATS_LIMIT`
 */
export function readZip(bytes: Uint8Array, { maxBytes, maxNodes }: FormatsLimits): readonly ZipEntry[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  if (count > maxNodes)
    throw new FormatsError('FORMATS_LIMIT', `more files in the archive than maxNodes, ${maxNodes}`);
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  let left = maxBytes;
  for (let i = 0; i < count; i++) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== centralHeader) throw broken(at);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      archive.readUInt16LE(at + field),
    );
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const content = contentOf(archive, at, left);
    left -= content.length;
    if (!name.endsWith('/')) entries.push({ name, content });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function endOf(archive: Buffer): number {
  const first = Math.max(0, archive.length - endLength - maxComment);
  for (let at = archive.length - endLength; at >= first; at--) {
    if (archive.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new FormatsError('FORMATS_BAD_SYNTAX', 'not a ZIP archive: it has no directory');
}

function contentOf(archive: Buffer, central: number, left: number): Uint8Array {
  const flags = archive.readUInt16LE(central + 8);
  const method = archive.readUInt16LE(central + 10);
  const length = archive.readUInt32LE(central + 20);
  const local = archive.readUInt32LE(central + 42);
  if (local + 30 > archive.length || archive.readUInt32LE(local) !== localHeader) throw broken(local);
  if ((flags & 1) !== 0) throw new FormatsError('FORMATS_ENCRYPTED', 'the archive is encrypted');
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  if (start + length > archive.length) throw broken(local);
  return unpacked(archive.subarray(start, start + length), method, left, local);
}

function unpacked(packed: Buffer, method: number, left: number, place: number): Uint8Array {
  const beyond = () => new FormatsError('FORMATS_LIMIT', 'the archive unpacks to more than maxBytes');
  if (method === 0) {
    if (packed.length > left) throw beyond();
    return packed;
  }
  if (method !== 8)
    throw new FormatsError('FORMATS_BAD_SYNTAX', `compression ${method} is not known`, {
      place: `octet ${place}`,
    });
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(left, 1) });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw beyond();
    throw new FormatsError('FORMATS_BAD_SYNTAX', `the archive is damaged: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function broken(at: number): FormatsError {
  return new FormatsError('FORMATS_BAD_SYNTAX', 'the archive is damaged', { place: `octet ${at}` });
}
