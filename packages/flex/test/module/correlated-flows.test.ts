import { describe, expect, it } from 'vitest';
import { type CorrelatedFlows, correlatedFlowsCodec } from '../../src/module/correlated-flows.ts';
import { decoded, encoded, octets } from '../der-octets.ts';
import { testVectors } from './vectors.ts';

describe('CorrelatedFlows', () => {
  testVectors(correlatedFlowsCodec, [
    ['without flows', '64 06 30 04 a402 3000', { flows: [] }],
    [
      'with everything',
      '64 29 30 27 a003 0c0172 a106 04040a000001 a203 020100 a308 6206 3004 a002 3000 a409 3007 3000 3003 020101',
      { relation: 'r', exporter: octets('0a000001'), domainId: 0, fields: { fields: [] }, flows: [[], [1]] },
    ],
  ]);

  it('names the value that is wrong', () => {
    const rows = [[1], [2, 'a', 0.5]];
    expect(() => encoded(correlatedFlowsCodec, { flows: rows })).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID', path: 'flows[1][2]' }),
    );
    expect(() => encoded(correlatedFlowsCodec, { flows: 1 } as unknown as CorrelatedFlows)).toThrowError(
      /not an array/,
    );
    expect(() => encoded(correlatedFlowsCodec, { flows: [1] } as unknown as CorrelatedFlows)).toThrowError(
      expect.objectContaining({ path: 'flows[0]' }),
    );
    expect(() =>
      decoded(correlatedFlowsCodec, '64 13 30 11 a40f 300d 3003 020101 3006 020102 020001'),
    ).toThrowError(expect.objectContaining({ code: 'FLEX_BAD_VALUE', path: 'flows[1][1]', offset: 18 }));
  });
});
