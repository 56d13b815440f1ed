import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../event/test/arbitrary-message.ts';
import { type Format, FormatsError, formats } from '../src/index.ts';
import { sampleMessage } from './sample-message.ts';

/** Mutated documents tried for each format; set FLOWPACT_FUZZ_CASES for more, FLOWPACT_FUZZ_SEED for others. */
const cases = Number(process.env.FLOWPACT_FUZZ_CASES ?? 1_000);
const seed = Number(process.env.FLOWPACT_FUZZ_SEED ?? 1);

/** Whether it is read; everything but a message or a FormatsError fails the test. */
function isRead(format: Format, bytes: Uint8Array): boolean {
  try {
    format.decodeAll(bytes);
    const { message } = format.decode(bytes);
    format.encode(message);
    return true;
  } catch (error) {
    if (error instanceof FormatsError) return false;
    throw new Error(`not a FormatsError for ${Buffer.from(bytes).toString('base64')}`, { cause: error });
  }
}

/** xorshift32, so that a case is known by its seed alone. */
function randomNumbers(start: number): (below: number) => number {
  let state = start | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const fragments = [
  '"',
  '<',
  '>',
  '&',
  '/',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '-',
  '0',
  '9e999',
  'null',
  '\0',
  '\\ud800',
].map((text) => Buffer.from(text));

function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  let result: Uint8Array = Uint8Array.from(bytes);
  for (let changes = 1 + random(3); changes > 0 && result.length > 0; changes--) {
    const at = random(result.length);
    const end = at + 1 + random(8);
    switch (random(6)) {
      case 0:
        result[at] = random(256);
        break;
      case 1:
        result = Buffer.concat([
          result.subarray(0, at),
          fragments[random(fragments.length)],
          result.subarray(at),
        ]);
        break;
      case 2:
        result = Buffer.concat([
          result.subarray(0, at),
          fragments[random(fragments.length)],
          result.subarray(end),
        ]);
        break;
      case 3:
        if (random(4) === 0) result = result.slice(0, at);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at), result.subarray(end)]);
        break;
      default:
        result[at] += random(3) - 1;
    }
  }
  return result;
}

describe.each(formats)('$name from anywhere', (format) => {
  it('is a message or a FormatsError: any octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        isRead(format, bytes);
        format.recognises(bytes);
      }),
    );
  });

  it(`is a message or a FormatsError: ${cases} mutations (FLOWPACT_FUZZ_CASES)`, () => {
    const random = randomNumbers(seed);
    const { flows: _, ...withoutFlows } = sampleMessage.event;
    const messages = [
      sampleMessage,
      { ...sampleMessage, event: withoutFlows },
      ...fc.sample(arbitraryMessage(), { numRuns: 20, seed }),
    ];
    const samples = messages
      .map((message) => format.encode(message).bytes)
      .filter(({ length }) => length < 16_000);
    let read = 0;
    for (let i = 0; i < cases; i++) {
      if (isRead(format, mutated(samples[random(samples.length)], random))) read++;
    }
    // Both ways are taken, else the mutations would test nothing.
    expect(read).toBeGreaterThan(cases / 100);
    expect(read).toBeLessThan(cases);
  });
});
