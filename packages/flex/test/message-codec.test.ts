import { type Message, parseMessage } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../event/test/arbitrary-message.ts';
import { decodeMessage, encodeMessage } from '../src/index.ts';
import { hex, octets } from './der-octets.ts';
import { haveSharedSamples, sharedSample, sharedSampleNames } from './shared-samples.ts';
import { smallestRecordHex } from './smallest-record.ts';

describe('encodeMessage and decodeMessage', () => {
  it('lose nothing of any message', () => {
    fc.assert(
      fc.property(arbitraryMessage(), (message) => {
        expect(parseMessage(message)).toStrictEqual(message);
        const returned = decodeMessage(encodeMessage(message));
        expect(returned).toStrictEqual(message);
        expect(parseMessage(returned)).toStrictEqual(message);
      }),
    );
  });

  it('agree with a record written by hand', () => {
    const message: Message = {
      kind: 'alert',
      id: '7',
      sender: { name: 'a.example' },
      createdMs: Date.parse('2026-01-01T12:00:00Z'),
      event: { type: 'dDoS', flowSource: { protocol: 'ipfix', version: 10 } },
    };
    expect(decodeMessage(octets(smallestRecordHex))).toStrictEqual(message);
    expect(hex(encodeMessage(message))).toBe(hex(octets(smallestRecordHex)));
  });

  it('take limits', () => {
    expect(() => decodeMessage(octets(smallestRecordHex), { maxBytes: 10 })).toThrowError(/maxBytes = 10/);
  });

  it.skipIf(!haveSharedSamples).each(sharedSampleNames)(
    'say the same octets for %s again (skipped without ../shared/flex)',
    (name) => {
      const bytes = sharedSample(name);
      expect(hex(encodeMessage(decodeMessage(bytes)))).toBe(hex(bytes));
    },
  );
});
