import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EventError,
  type FlowValue,
  largestInteger,
  type Message,
  messageFromJson,
  type SecurityEvent,
  securityEventFromJson,
  smallestInteger,
  stringifyEvent,
} from '../src/index.ts';
import { exampleMessage } from './example-message.ts';

const { value } = fc.letrec<{ value: FlowValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.double(),
    fc.bigInt(smallestInteger, largestInteger),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));

function eventWith(values: readonly FlowValue[]): SecurityEvent {
  return {
    type: 'scan',
    flows: { layout: { columns: [] }, trigger: values, groups: [{ rows: [values, values] }] },
    additional: values.map((each, i) => ({ name: String(i), value: each })),
  };
}

describe('JSON', () => {
  it('gives every message back', () => {
    expect(messageFromJson(stringifyEvent(exampleMessage))).toStrictEqual(exampleMessage);
    expect(messageFromJson(stringifyEvent(exampleMessage, 2))).toStrictEqual(exampleMessage);
    expect(securityEventFromJson(stringifyEvent(exampleMessage.event))).toStrictEqual(exampleMessage.event);
  });

  it('gives every flow value back', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        const event = eventWith(values);
        expect(securityEventFromJson(stringifyEvent(event))).toStrictEqual(event);
      }),
    );
  });

  it('writes what JSON lacks as objects of one key', () => {
    const values = [Uint8Array.of(192, 0, 2, 1), Buffer.of(1), 5n, Number.NaN, Number.NEGATIVE_INFINITY, -0];
    expect(JSON.parse(stringifyEvent(eventWith(values))).flows.trigger).toEqual([
      { $octets: 'c0000201' },
      { $octets: '01' },
      { $integer: '5' },
      { $number: 'NaN' },
      { $number: '-Infinity' },
      { $number: '-0' },
    ]);
  });

  it.each([
    ['{', 'EVENT_BAD_JSON', /not JSON/],
    ['', 'EVENT_BAD_JSON', /not JSON/],
    ['{"type":"scan","text":{"$octets":"abc"}}', 'EVENT_BAD_JSON', /\$octets is not hexadecimal/],
    ['{"type":"scan","text":{"$octets":12}}', 'EVENT_BAD_JSON', /\$octets is not hexadecimal/],
    ['{"type":"scan","text":{"$integer":"1.5"}}', 'EVENT_BAD_JSON', /\$integer is not an integer/],
    [`{"type":"scan","text":{"$integer":"${'9'.repeat(1000)}"}}`, 'EVENT_BAD_JSON', /\$integer/],
    ['{"type":"scan","text":{"$number":"12"}}', 'EVENT_BAD_JSON', /\$number is none of NaN/],
    ['{"type":"scan","additional":[{"name":"a","value":{}}]}', 'EVENT_INVALID', /not a flow value/],
    [
      '{"type":"scan","additional":[{"name":"a","value":{"$octets":"00","b":1}}]}',
      'EVENT_INVALID',
      /not a flow value/,
    ],
    [
      `{"type":"scan","additional":[{"name":"a","value":{"$integer":"9${'0'.repeat(153)}"}}]}`,
      'EVENT_INVALID',
      /not a flow value/,
    ],
    ['{"type":"scan","text":"\\ud800"}', 'EVENT_INVALID', /surrogate/],
    ['[]', 'EVENT_INVALID', /invalid security event/],
  ])('refuses text %#', (text, code, message) => {
    expect(() => securityEventFromJson(text)).toThrowError(EventError);
    expect(() => securityEventFromJson(text)).toThrowError(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it.each([17, 200_000])('%s lists within lists are refused', (depth) => {
    const text = `{"type":"scan","additional":[{"name":"a","value":${'['.repeat(depth)}${']'.repeat(depth)}}]}`;
    expect(() => securityEventFromJson(text)).toThrowError(EventError);
  });

  it('refuses other text with an error of its own', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        let message: Message | undefined;
        try {
          message = messageFromJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(EventError);
        }
        expect(message).toBeUndefined();
      }),
    );
  });
});
