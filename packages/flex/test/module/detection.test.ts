import { describe } from 'vitest';
import { type Detection, detectionCodec } from '../../src/module/detection.ts';
import { octets } from '../der-octets.ts';
import { testVectors } from './vectors.ts';

const smallest: Detection = { sender: { name: 'a' }, created: '20260101000000Z' };
const sender = 'a007 3005 a003 0c0161';
const created = 'a111 180f 32303236303130313030303030305a';

describe('Detection', () => {
  testVectors<Detection>(detectionCodec, [
    ['with what it must have', `63 1e 30 1c ${sender} ${created}`, smallest],
    [
      'with all of a sender',
      `63 2d 30 2b a016 3014 a003 0c0161 a103 020101 a203 0c0163 a303 0401ff ${created}`,
      { ...smallest, sender: { name: 'a', asn: 1, contact: 'c', keyId: octets('ff') } },
    ],
    [
      'with start and end',
      `63 46 30 44 ${sender} ${created} a211 180f 31393730303130313030303030305a
       a313 1811 31393730303130313030303030302e355a`,
      { ...smallest, start: '19700101000000Z', end: '19700101000000.5Z' },
    ],
    [
      'with a detector',
      `63 36 30 34 ${sender} ${created} a416 3014 a003 0c0164 a103 0c0131 a203 0c016d a303 0c0172`,
      { ...smallest, detector: { name: 'd', version: '1', method: 'm', rule: 'r' } },
    ],
    [
      'with a classification',
      `63 2e 30 2c ${sender} ${created} a50e 300c 300a a003 0c0173 a103 0c0176`,
      { ...smallest, classification: [{ scheme: 's', value: 'v' }] },
    ],
    [
      'with severity, confidence and TLP',
      `63 2d 30 2b ${sender} ${created} a603 0a0104 a703 020164 ac03 0a0104`,
      { ...smallest, severity: 'critical', confidence: 100, tlp: 'red' },
    ],
    [
      'with sources and targets',
      `63 28 30 26 ${sender} ${created} a804 3002 3000 a902 3000`,
      { ...smallest, sources: [{}], targets: [] },
    ],
    ['with a flow', `63 24 30 22 ${sender} ${created} aa04 3002 0500`, { ...smallest, flow: [null] }],
    [
      'with totals',
      `63 3b 30 39 ${sender} ${created}
       ab1b 3019 a003 020100 a103 020101 a203 020102 a303 020103 a403 020104`,
      { ...smallest, totals: { flows: 0, packets: 1, octets: 2, pps: 3, bps: 4 } },
    ],
    [
      'with an exchange and a text',
      `63 27 30 25 ${sender} ${created} ad02 3000 ae03 0c0174`,
      { ...smallest, exchange: {}, text: 't' },
    ],
    [
      'with a property',
      `63 2a 30 28 ${sender} ${created} af0a 3008 3006 0c016e 0101ff`,
      { ...smallest, additional: [{ name: 'n', value: true }] },
    ],
    [
      'with a field of a later version',
      `63 20 30 1e ${sender} ${created} b000`,
      { ...smallest, extensions: [octets('b000')] },
    ],
  ]);
});
