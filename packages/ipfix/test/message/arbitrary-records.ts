import fc from 'fast-check';
import { type AbstractDataType, type FieldValue, findElement } from '../../src/index.ts';
import { elementRows } from '../../src/registry/elements.generated.ts';

/** A field of a template to be, with a source of values for it. */
export interface ArbitraryField {
  readonly pen: number;
  readonly id: number;
  readonly length: number;
  readonly values: fc.Arbitrary<FieldValue>;
}

export interface RecordBatch {
  readonly fields: readonly Omit<ArbitraryField, 'values'>[];
  readonly scopeFieldCount: number | undefined;
  readonly records: readonly (readonly FieldValue[])[];
}

const exact = (value: bigint): FieldValue =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;

const unsigned = (octets: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(8 * octets) - 1n }).map(exact);

const signed = (octets: number) =>
  fc.bigInt({ min: -(2n ** BigInt(8 * octets - 1)), max: 2n ** BigInt(8 * octets - 1) - 1n }).map(exact);

const ms = (least: number, most: number) => fc.integer({ min: least, max: most });

const ipv4 = fc.ipV4();
const macAddress = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map((octets) => octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':'));

/** IPv6 in the form of RFC 5952, made by an independent implementation. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .filter((groups) => !groups.slice(0, 5).every((group) => group === 0))
  .map((groups) =>
    new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]/`).hostname.slice(1, -1),
  );

const octetsOf = (length: number) =>
  length === 65535
    ? fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 250, maxLength: 260 }))
    : fc.uint8Array({ minLength: length, maxLength: length });

const stringOf = (length: number) =>
  fc
    .string({ unit: 'binary', maxLength: length === 65535 ? 300 : Math.floor(length / 4) })
    .filter((text) => !text.endsWith('\0'));

/** Lengths a type may have, and the values for each. */
function fieldShape(dataType: AbstractDataType): fc.Arbitrary<Pick<ArbitraryField, 'length' | 'values'>> {
  const fixed = (length: number, values: fc.Arbitrary<FieldValue>) => fc.constant({ length, values });
  const reduced = (most: number, values: (octets: number) => fc.Arbitrary<FieldValue>) =>
    fc.integer({ min: 1, max: most }).map((length) => ({ length, values: values(length) }));
  switch (dataType) {
    case 'unsigned8':
      return reduced(1, unsigned);
    case 'unsigned16':
      return reduced(2, unsigned);
    case 'unsigned32':
      return reduced(4, unsigned);
    case 'unsigned64':
      return reduced(8, unsigned);
    case 'signed8':
      return reduced(1, signed);
    case 'signed16':
      return reduced(2, signed);
    case 'signed32':
      return reduced(4, signed);
    case 'signed64':
      return reduced(8, signed);
    case 'float32':
      return fixed(4, fc.float());
    case 'float64':
      return fc.oneof(fixed(4, fc.float()), fixed(8, fc.double()));
    case 'boolean':
      return fixed(1, fc.boolean());
    case 'macAddress':
      return fixed(6, macAddress);
    case 'ipv4Address':
      return fixed(4, ipv4);
    case 'ipv6Address':
      return fixed(16, ipv6);
    case 'dateTimeSeconds':
      return fixed(
        4,
        ms(0, 2 ** 32 - 1).map((seconds) => seconds * 1000),
      );
    case 'dateTimeMilliseconds':
      return fixed(8, ms(0, Number.MAX_SAFE_INTEGER));
    case 'dateTimeMicroseconds':
      return fixed(
        8,
        ms(0, Date.UTC(2100, 0) * 1000).map((microseconds) => microseconds / 1000),
      );
    case 'dateTimeNanoseconds':
      return fixed(
        8,
        ms(0, Date.UTC(2100, 0) * 4).map((quarters) => quarters / 4),
      );
    case 'string':
      return fc
        .oneof(fc.constant(65535), fc.integer({ min: 1, max: 80 }))
        .map((length) => ({ length, values: stringOf(length) }));
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      // Two octets are no list of any kind, so that they are read as the octets that the encoder takes.
      return fc.constantFrom(2, 65535).map((length) => ({ length, values: octetsOf(2) }));
    case 'octetArray':
      return fc
        .oneof(fc.constant(65535), fc.integer({ min: 1, max: 40 }))
        .map((length) => ({ length, values: octetsOf(length) }));
    default:
      return dataType satisfies never;
  }
}

const knownElement = fc.constantFrom(...elementRows).map(([pen, id, , dataType]) => ({ pen, id, dataType }));
const unknownElement = fc
  .record({ pen: fc.integer({ min: 1, max: 0xffffffff }), id: fc.integer({ min: 1, max: 0x7fff }) })
  .filter(({ pen, id }) => findElement(pen, id) === undefined)
  .map((element) => ({ ...element, dataType: 'octetArray' as const }));

const field: fc.Arbitrary<ArbitraryField> = fc
  .oneof({ weight: 9, arbitrary: knownElement }, { weight: 1, arbitrary: unknownElement })
  .chain(({ pen, id, dataType }) => fieldShape(dataType).map((shape) => ({ pen, id, ...shape })));

/** A template of different elements, data or options, with a few records for it. */
export const recordBatch: fc.Arbitrary<RecordBatch> = fc
  .uniqueArray(field, { minLength: 1, maxLength: 12, selector: ({ pen, id }) => `${pen}:${id}` })
  .chain((fields) =>
    fc.record({
      fields: fc.constant(fields.map(({ pen, id, length }) => ({ pen, id, length }))),
      scopeFieldCount: fc.option(fc.integer({ min: 1, max: fields.length }), { nil: undefined, freq: 4 }),
      records: fc.array(fc.tuple(...fields.map(({ values }) => values)), { minLength: 1, maxLength: 5 }),
    }),
  );
