import type { QueryValue } from '@flowpact/store';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRow, encodeRow } from '../../src/control/query-transfer.ts';

const { value } = fc.letrec<{ value: QueryValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.bigInt(),
    fc.string(),
    fc.uint8Array(),
    fc.array(tie('value') as fc.Arbitrary<QueryValue>),
    fc.dictionary(fc.string(), tie('value') as fc.Arbitrary<QueryValue>, { noNullPrototype: true }),
  ),
}));

it('gives every value of an answer back on the other side', () =>
  fc.assert(
    fc.property(fc.array(value), (row) => {
      expect(decodeRow(JSON.parse(JSON.stringify(encodeRow(row))))).toEqual(row);
    }),
  ));
