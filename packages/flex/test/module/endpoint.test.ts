import { describe, expect, it } from 'vitest';
import { type Endpoint, endpointCodec } from '../../src/module/endpoint.ts';
import { decoded, encoded, octets } from '../der-octets.ts';
import { testVectors } from './vectors.ts';

describe('Endpoint', () => {
  testVectors(endpointCodec, [
    ['with nothing', '30 00', {}],
    [
      'with everything',
      `30 2d a006 0404c0000201 a103 020120 a203 020111 a302 3000 a403 0c0161 a505 020300fbf4 a604 0c026332
       a703 0101ff`,
      {
        address: octets('c0000201'),
        prefix: 32,
        protocol: 17,
        ports: [],
        name: 'a',
        asn: 64500,
        role: 'c2',
        spoofed: true,
      },
    ],
    [
      'with a port and a range of ports',
      '30 14 a312 3010 3003 020135 3009 02020400 020300ffff',
      { ports: [{ low: 53 }, { low: 1024, high: 65535 }] },
    ],
  ]);

  it.each<[string, Endpoint, string]>([
    ['an address of 5 octets', { address: new Uint8Array(5) }, 'address'],
    ['a prefix of 129', { prefix: 129 }, 'prefix'],
    ['a protocol of 256', { protocol: 256 }, 'protocol'],
    ['a port of 65536', { ports: [{ low: 0 }, { low: 65536 }] }, 'ports[1].low'],
    ['an AS beyond 32 bits', { asn: 2 ** 32 }, 'asn'],
  ])('cannot have %s', (_, endpoint, path) => {
    expect(() => encoded(endpointCodec, endpoint)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID', path }),
    );
  });

  it('has nothing behind a range of ports', () => {
    expect(() => decoded(endpointCodec, '30 0f a30d 300b 3009 020100 020101 020102')).toThrowError(
      expect.objectContaining({ code: 'FLEX_TRAILING', path: 'ports[0]' }),
    );
  });
});
