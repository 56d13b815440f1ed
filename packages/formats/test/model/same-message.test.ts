import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { messageToTree, sameJson } from '../../src/model/message-json.ts';
import { sameMessage } from '../../src/model/same-message.ts';
import { sampleMessage } from '../sample-message.ts';

const withText = (text: string | undefined) => ({
  ...sampleMessage,
  event: { ...sampleMessage.event, text },
});
const withValue = (value: unknown) =>
  ({ ...sampleMessage, event: { type: 'scan', additional: [{ name: 'a', value }] } }) as typeof sampleMessage;

describe('sameMessage', () => {
  it('says what the JSON forms say', () => {
    fc.assert(
      fc.property(arbitraryMessage(), arbitraryMessage(), (a, b) => {
        expect(sameMessage(a, structuredClone(a))).toBe(true);
        expect(sameMessage(a, b)).toBe(sameJson(messageToTree(a), messageToTree(b)));
      }),
    );
  });

  it('takes an undefined field for none', () => {
    const { text: _, ...event } = sampleMessage.event;
    expect(sameMessage(withText(undefined), { ...sampleMessage, event })).toBe(true);
    expect(sameMessage({ ...sampleMessage, event }, withText(undefined))).toBe(true);
    expect(sameMessage({ ...sampleMessage, event }, withText('a'))).toBe(false);
    expect(sameMessage(withText('a'), { ...sampleMessage, event })).toBe(false);
  });

  it.each<[unknown, unknown]>([
    [0, -0],
    [1, 1n],
    [1, '1'],
    [null, false],
    [Uint8Array.of(1), Uint8Array.of(2)],
    [Uint8Array.of(1), [1]],
    [[1], Uint8Array.of(1)],
    [[1], [1, 2]],
    [[[1]], [[2]]],
  ])('tells values apart, case %#', (a, b) => {
    expect(sameMessage(withValue(a), withValue(a))).toBe(true);
    expect(sameMessage(withValue(a), withValue(b))).toBe(false);
  });
});
