import { describe, expect, it } from 'vitest';
import { settingsCodec } from '../../src/module/settings.ts';
import { decoded, octets } from '../der-octets.ts';
import { testVectors } from './vectors.ts';

describe('Settings', () => {
  testVectors(settingsCodec, [
    [
      'with words',
      '61 1b 30 19 a003 0201ff a103 0a0102 a203 0a0108 a303 0a0102 a403 0a0108',
      { id: -1, msgType: 'feedback', eventType: 'dataExfiltration', type: 'sflow', version: 'none' },
    ],
    [
      'of a later version',
      '61 20 30 1e a003 020101 a103 0a0103 a204 0a02012c a303 0a01ff a403 0a0109 a502 0500',
      { id: 1, msgType: 3, eventType: 300, type: -1, version: 9, extensions: [octets('a502 0500')] },
    ],
  ]);

  it('has all five fields', () => {
    const four = '61 16 30 14 a003 0201ff a103 0a0102 a203 0a0108 a303 0a0102';
    expect(() => decoded(settingsCodec, four)).toThrowError(
      expect.objectContaining({ code: 'FLEX_MISSING', path: 'version', offset: 24 }),
    );
    expect(() => decoded(settingsCodec, four.replace('a303 0a0102', 'a403 0a0108'))).toThrowError(
      expect.objectContaining({ code: 'FLEX_BAD_TAG', path: 'type' }),
    );
  });
});
