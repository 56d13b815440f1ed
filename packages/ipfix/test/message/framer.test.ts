import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMessageFramer, IpfixError, type MessageFramerConfig } from '../../src/index.ts';
import { messageOctets, setOctets } from './message-octets.ts';

const small = messageOctets({ sequenceNumber: 1 });
const large = messageOctets(
  { sequenceNumber: 2 },
  setOctets(
    256,
    Array.from({ length: 400 }, (_, i) => i & 255),
  ),
);

function setUp(config: MessageFramerConfig = {}) {
  const messages: Uint8Array[] = [];
  return {
    messages,
    framer: createMessageFramer(config, { onMessage: (message) => messages.push(message) }),
  };
}

/** The error that a step throws. */
function failureOf(step: () => void): IpfixError {
  try {
    step();
  } catch (error) {
    if (error instanceof IpfixError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('createMessageFramer', () => {
  it('gives parts of the chunk, without copying', () => {
    const { messages, framer } = setUp();
    const chunk = Uint8Array.from([...small, ...large]);
    framer.push(chunk);
    framer.end();
    expect(messages.map(({ length }) => length)).toEqual([16, 420]);
    expect(messages.every(({ buffer }) => buffer === chunk.buffer)).toBe(true);
  });

  it('finds the same messages however the stream is cut', () => {
    const whole = [small, large, small, small, large];
    const stream = Uint8Array.from(whole.flatMap((message) => [...message]));
    const cuts = fc.array(fc.nat(stream.length), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (positions) => {
        const { messages, framer } = setUp();
        let from = 0;
        for (const to of [...positions.sort((a, b) => a - b), stream.length]) {
          framer.push(stream.subarray(from, to));
          from = to;
        }
        framer.end();
        expect(messages).toEqual(whole);
      }),
    );
  });

  it('takes single octets', () => {
    const { messages, framer } = setUp();
    for (const octet of [...large, ...small]) framer.push(Uint8Array.of(octet));
    framer.end();
    expect(messages).toEqual([large, small]);
  });

  it('says where something else than a message begins, after the messages before it', () => {
    const { messages, framer } = setUp();
    const failure = failureOf(() => framer.push(Uint8Array.from([...small, ...large, 0, 9, 0, 20])));
    expect(failure).toMatchObject({ code: 'IPFIX_BAD_VERSION', offset: 436 });
    expect(failure.message).toContain('version 9');
    expect(messages.length).toBe(2);
  });

  it('does so where the header is cut between chunks', () => {
    const { framer } = setUp();
    framer.push(Uint8Array.from([...small, 0]));
    framer.push(Uint8Array.of(10, 0));
    expect(failureOf(() => framer.push(Uint8Array.of(15)))).toMatchObject({
      code: 'IPFIX_BAD_LENGTH',
      offset: 16,
    });
  });

  it.each([0, 15])('refuses a message of %i octets', (length) => {
    const { framer } = setUp();
    expect(failureOf(() => framer.push(Uint8Array.of(0, 10, 0, length))).code).toBe('IPFIX_BAD_LENGTH');
  });

  it('refuses messages above the limit before it has room for them', () => {
    const { messages, framer } = setUp({ maxMessageLength: 420 });
    framer.push(large);
    expect(messages.length).toBe(1);
    expect(failureOf(() => framer.push(Uint8Array.of(0, 10, 1, 165)))).toMatchObject({
      code: 'IPFIX_BAD_LENGTH',
      offset: 420,
    });
  });

  it('stays failed', () => {
    const { messages, framer } = setUp();
    const first = failureOf(() => framer.push(Uint8Array.of(1, 2, 3, 4)));
    expect(failureOf(() => framer.push(small))).toBe(first);
    expect(failureOf(() => framer.end())).toBe(first);
    expect(messages).toEqual([]);
  });

  it.each([1, 4, 15, 16, 419])('says so where the stream ends after %i octets of a message', (octets) => {
    const { messages, framer } = setUp();
    framer.push(small);
    framer.push(large.subarray(0, octets));
    const failure = failureOf(() => framer.end());
    expect(failure).toMatchObject({ code: 'IPFIX_TRUNCATED', offset: 16 });
    expect(failure.message).toContain(`${octets} octets into the message`);
    expect(messages).toEqual([small]);
  });

  it.each([15, 65536, Number.NaN])('cannot be made for messages of at most %d octets', (maxMessageLength) => {
    expect(failureOf(() => setUp({ maxMessageLength })).code).toBe('IPFIX_BAD_CONFIG');
  });
});
