import { describe } from 'vitest';
import { exchangeCodec } from '../../src/module/exchange.ts';
import { testVectors } from './vectors.ts';

const time = '180f 32303236303130313030303030305a';

describe('Exchange', () => {
  testVectors(exchangeCodec, [
    ['with nothing', '30 00', {}],
    ['answering a message', '30 0e a00c 300a a003 0c0161 a103 020107', { inReplyTo: { sender: 'a', id: 7 } }],
    [
      'referring to messages, superseding one, expiring',
      `30 3d a11a 3018 300a a003 0c0161 a103 020107 300a a003 0c0162 a103 020108 a411 ${time}
       a50c 300a a003 0c0161 a103 020106`,
      {
        related: [
          { sender: 'a', id: 7 },
          { sender: 'b', id: 8 },
        ],
        expires: '20260101000000Z',
        supersedes: { sender: 'a', id: 6 },
      },
    ],
    [
      'asking',
      '30 21 a21f 301d 301b a003 0a0103 a109 3007 3005 a503 020101 a204 02020e10 a303 020100',
      { asks: [{ action: 'rateLimit', scope: [{ asn: 1 }], lifetime: 3600, rate: 0 }] },
    ],
    [
      'telling the outcome',
      `30 2d a32b 3029 a003 0a0104 a104 0c026e6f a209 3007 3005 a003 0a0107 a311 ${time}`,
      {
        outcome: { status: 'partial', reason: 'no', applied: [{ action: 'stop' }], until: '20260101000000Z' },
      },
    ],
  ]);
});
