import { crc32 } from 'node:zlib';
import { EplError } from '../../errors.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { UnfitState } from './state-stream.ts';

/** What the bytes begin with: `EPLSNAP`. */
const magic = Uint8Array.from('EPLSNAP', (character) => character.charCodeAt(0));

/**
 * Counts up with every change of what is written, also by a single stateful class: bytes of another version are not
 * read.
 */
export const snapshotVersion = 3;

/** Magic, version, checksum of the rest. */
const headBytes = magic.length + 1 + 4;

export interface SnapshotFile {
  /** Engine time, milliseconds since 1970. */
  readonly timeMs: number;
  /** The place that the next timer would have got. */
  readonly nextSequence: number;
  /** The texts and objects that the sections name. */
  readonly tables: Uint8Array;
  readonly variables: Uint8Array;
  readonly statements: readonly SavedStatement[];
}

export interface SavedStatement {
  readonly name: string;
  readonly fingerprint: string;
  /** Undefined where it could not be saved, and why. */
  readonly bytes: Uint8Array | undefined;
  readonly reason: string;
  /** The number of its first introduced part. */
  readonly firstPart: number;
}

export function encodeSnapshot(file: SnapshotFile, mostBytes: number): Uint8Array {
  const body = new ByteWriter(mostBytes);
  const part = (bytes: Uint8Array): void => {
    body.unsigned(bytes.length);
    body.append(bytes);
  };
  const text = (value: string): void => part(encoder.encode(value));
  body.double(file.timeMs);
  body.unsigned(file.nextSequence);
  part(file.variables);
  body.unsigned(file.statements.length);
  for (const { name, fingerprint, bytes, reason, firstPart } of file.statements) {
    text(name);
    text(fingerprint);
    text(reason);
    body.unsigned(firstPart);
    body.byte(Number(bytes !== undefined));
    if (bytes !== undefined) part(bytes);
  }
  part(file.tables);
  const written = body.written();
  const bytes = new Uint8Array(headBytes + written.length);
  bytes.set(magic);
  bytes[magic.length] = snapshotVersion;
  new DataView(bytes.buffer).setUint32(magic.length + 1, crc32(written), true);
  bytes.set(written, headBytes);
  return bytes;
}

/** @throws EplError `EPL_SNAPSHOT`, `EPL_LIMIT` */
export function decodeSnapshot(bytes: Uint8Array, mostBytes: number): SnapshotFile {
  if (bytes.length > mostBytes)
    throw new EplError(
      'EPL_LIMIT',
      `the snapshot has ${bytes.length} bytes, more than ${mostBytes} (maxSnapshotBytes)`,
    );
  if (bytes.length < headBytes || magic.some((byte, i) => bytes[i] !== byte))
    throw unreadable('these bytes are no snapshot of this engine');
  const version = bytes[magic.length];
  if (version !== snapshotVersion)
    throw unreadable(
      `the snapshot is of version ${version}, and only version ${snapshotVersion} is read here: start without it`,
    );
  const body = bytes.subarray(headBytes);
  const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length + 1, true);
  if (checksum !== crc32(body)) throw unreadable('the snapshot is damaged: its checksum does not fit');
  try {
    return readBody(new ByteReader(body));
  } catch (error) {
    throw error instanceof UnfitState
      ? unreadable(`the snapshot is damaged: ${error.message}`, error)
      : error;
  }
}

export const unreadable = (message: string, cause?: unknown): EplError =>
  new EplError('EPL_SNAPSHOT', message, { cause });

function readBody(from: ByteReader): SnapshotFile {
  const part = (): Uint8Array => from.take(from.unsigned());
  const text = (): string => decoder.decode(part());
  const timeMs = from.double();
  if (!Number.isFinite(timeMs)) throw new UnfitState('it has no time');
  const nextSequence = from.unsigned();
  const variables = part();
  const statements: SavedStatement[] = [];
  for (let left = from.count(); left > 0; left--) {
    const [name, fingerprint, reason] = [text(), text(), text()];
    const firstPart = from.unsigned();
    const bytes = from.byte() === 1 ? part() : undefined;
    statements.push({ name, fingerprint, reason, firstPart, bytes });
  }
  const tables = part();
  if (from.left > 0) throw new UnfitState(`${from.left} bytes are left`);
  return { timeMs, nextSequence, variables, statements, tables };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
