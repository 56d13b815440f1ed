import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFlexRecord,
  encodeFlexRecord,
  FlexError,
  FlexReal,
  type FlexRecord,
  UnknownElement,
} from '../src/index.ts';
import { arbitraryRecord } from './arbitrary-record.ts';

/** Anything that JavaScript has, with what the codec's own classes may be made of. */
const anything = fc.oneof(
  fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
    withDate: true,
  }),
  fc.anything().map((value) => new FlexReal(0, value as Uint8Array)),
  fc.anything().map((value) => new FlexReal(value as number)),
  fc.anything().map((value) => new UnknownElement(value as Uint8Array)),
  fc.constantFrom<unknown>(Symbol('s'), () => 1, Number.NaN, -0, 2 ** 53, 'a\ud800', 2n ** 5000n),
);

type Path = readonly string[];

/** Every place in a value, as the keys on the way there. */
function places(value: unknown, here: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [here];
  return [here, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...here, key]))];
}

/** A copy of a value with another one at that place. */
function replaced(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const inner = replaced((value as Record<string, unknown>)[key], rest, other);
  if (Array.isArray(value)) return value.with(Number(key), inner);
  const copy = Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
  return Object.defineProperty(copy, key, { value: inner, enumerable: true });
}

describe('a record with anything at any place', () => {
  it('is encoded so that it can be decoded, or a FlexError names the place', () => {
    fc.assert(
      fc.property(arbitraryRecord(), fc.nat(), anything, (record, at, value) => {
        const all = places(record);
        const odd = replaced(record, all[at % all.length], value) as FlexRecord;
        let bytes: Uint8Array;
        try {
          bytes = encodeFlexRecord(odd);
        } catch (error) {
          expect(error).toBeInstanceOf(FlexError);
          expect(error).toMatchObject({ code: 'FLEX_INVALID', path: expect.any(String) });
          return;
        }
        decodeFlexRecord(bytes, { maxIntegerBytes: 1000 });
      }),
      { numRuns: 500 },
    );
  });

  it.each([null, undefined, 5, 'record', []])('is not %s', (value) => {
    expect(() => encodeFlexRecord(value as never)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID' }),
    );
    expect(() => decodeFlexRecord(value as never)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID' }),
    );
  });
});
