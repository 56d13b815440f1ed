import type { ByteReader } from './byte-reader.ts';
import { UnfitState } from './state-stream.ts';
import { valueTag } from './value-tag.ts';

/** Reads what a {@link ValueWriter} wrote. */
export class ValueReader {
  readonly from: ByteReader;
  private readonly texts: readonly string[];
  private readonly objects: readonly object[];
  private lastObject = -1;

  constructor(from: ByteReader, texts: readonly string[], objects: readonly object[]) {
    this.from = from;
    this.texts = texts;
    this.objects = objects;
  }

  read(): unknown {
    const { from } = this;
    const tag = from.byte();
    if (tag >= valueTag.small) return tag - valueTag.small;
    switch (tag) {
      case valueTag.null:
        return null;
      case valueTag.undefined:
        return undefined;
      case valueTag.false:
        return false;
      case valueTag.true:
        return true;
      case valueTag.integer:
        return from.signed();
      case valueTag.double:
        return from.double();
      case valueTag.bigint:
        return bigintOf(this.text());
      case valueTag.text:
        return this.text();
      case valueTag.object:
        return this.object(from.unsigned());
      case valueTag.nextObject:
        return this.object(this.lastObject + 1);
      default:
        throw new UnfitState(`no value begins with ${tag}`);
    }
  }

  text(): string {
    const text = this.texts[this.from.unsigned()];
    if (text === undefined) throw new UnfitState('a text is missing');
    return text;
  }

  private object(number: number): object {
    const object = this.objects[number];
    if (object === undefined) throw new UnfitState('an object is missing');
    this.lastObject = number;
    return object;
  }
}

/** Digits of a big integer to the base 36: as many as a snapshot may hold. */
const mostDigits = 10_000;

function bigintOf(text: string): bigint {
  const digits = text.startsWith('-') ? text.slice(1) : text;
  if (!/^[0-9a-z]+$/.test(digits) || digits.length > mostDigits) throw new UnfitState('a number is none');
  let value = 0n;
  for (const digit of digits) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return digits === text ? value : -value;
}
