import { describe, expect, it } from 'vitest';
import {
  EventError,
  largestInteger,
  parseMessage,
  parseSecurityEvent,
  smallestInteger,
} from '../src/index.ts';
import { exampleMessage } from './example-message.ts';

/** A copy of the example with one field replaced. */
function altered(path: string, value: unknown): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const copy = structuredClone(exampleMessage) as unknown as Record<string, unknown>;
  let place = copy;
  for (const step of steps.slice(0, -1)) place = place[step] as Record<string, unknown>;
  place[steps.at(-1)!] = value;
  return copy;
}

function errorOf(value: unknown): EventError {
  try {
    parseMessage(value);
  } catch (error) {
    if (error instanceof EventError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('parseMessage', () => {
  it('returns what is valid', () => {
    expect(parseMessage(exampleMessage)).toStrictEqual(exampleMessage);
  });

  it('leaves out the fields that it does not know', () => {
    expect(parseMessage(altered('event.unheardOf', 1))).toStrictEqual(exampleMessage);
  });

  it.each<[string, unknown, string]>([
    ['kind', 'hint', ''],
    ['id', '1.5', 'not a decimal integer'],
    ['id', '-0', 'not a decimal integer'],
    ['id', '007', 'not a decimal integer'],
    ['id', 7, ''],
    ['id', (largestInteger + 1n).toString(), 'not a decimal integer'],
    ['id', '9'.repeat(100_000), 'not a decimal integer'],
    ['sender.name', '', ''],
    ['sender.name', 'a\udc00', 'not Unicode text'],
    ['sender.asn', 2 ** 32, ''],
    ['sender.keyId', 'c0ffee', 'not upper-case hexadecimal'],
    ['sender.keyId', 'ABC', 'not upper-case hexadecimal'],
    ['createdMs', 0.5, ''],
    ['createdMs', Date.parse('9999-12-31T23:59:59.999Z') + 1, ''],
    ['createdMs', Date.parse('0000-01-01T00:00:00Z') - 1, ''],
    ['event.type', 'ddos', ''],
    ['event.confidence', 101, ''],
    ['event.sources[0].address', 'fe80::1%eth0', 'not an IPv4 or IPv6 address'],
    ['event.sources[0].address', '2001:db8::/32', 'not an IPv4 or IPv6 address'],
    ['event.sources[0].prefixLength', 129, ''],
    ['event.targets[0].prefixLength', 33, 'longer than an IPv4 address'],
    ['event.targets[0].ports[0].low', -1, ''],
    ['event.targets[0].ports[1]', { low: 2, high: 1 }, 'high is below low'],
    ['event.totals.flows', -1, ''],
    ['event.totals.packets', largestInteger + 1n, ''],
    ['event.flowSource.version', 256, ''],
    ['event.flows.layout.columns[0].id', 0, ''],
    ['event.flows.layout.columns[1].pen', 2 ** 32, ''],
    ['event.flows.layout.sampling.interval', 0, ''],
    ['event.flows.trigger', [undefined], 'not a row of flow values'],
    ['event.flows.groups[0].rows[1]', [new Date(0)], 'not a row of flow values'],
    ['event.flows.groups[0].rows[1]', [smallestInteger - 1n], 'not a row of flow values'],
    ['event.flows.groups[0].rows[1]', ['\ud800'], 'not a row of flow values'],
    ['event.flows.groups[0].rows[1]', new Array(1), 'not a row of flow values'],
    ['event.flows.groups[0].rows[1]', 'row', 'not a row of flow values'],
    ['event.flows.groups[0].exporter', 'router 1', ''],
    ['event.additional[0].value', {}, 'not a flow value'],
    ['event.additional[0].value', undefined, 'not a flow value'],
    ['event.additional[0].value', Symbol('s'), 'not a flow value'],
    ['conversation.inReplyTo.id', 'x', 'not a decimal integer'],
    ['conversation.asks[0].lifetimeSeconds', 0, ''],
    ['conversation.asks[0].octetsPerSecond', -1n, ''],
    ['conversation.outcome.untilMs', Number.NaN, ''],
  ])('names %s where that is %s', (path, value, message) => {
    const error = errorOf(altered(path, value));
    expect(error).toMatchObject({ code: 'EVENT_INVALID', path });
    expect(error.message).toContain(`invalid message: ${path}: ${message}`);
  });

  it.each(['', null, undefined, 7, []])('refuses %s as a message', (value) => {
    expect(errorOf(value)).toMatchObject({ code: 'EVENT_INVALID', path: '' });
  });

  it('accepts lists 16 deep, not deeper, and no list in itself', () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }).reduce((inner) => [inner], null as unknown);
    expect(parseMessage(altered('event.additional[0].value', nested(16))).event.additional).toHaveLength(1);
    expect(errorOf(altered('event.additional[0].value', nested(17))).path).toBe('event.additional[0].value');
    const itself: unknown[] = [];
    itself.push(itself);
    expect(errorOf(altered('event.additional[0].value', itself)).path).toBe('event.additional[0].value');
  });

  it.each([largestInteger, smallestInteger])('accepts the integer %s', (integer) => {
    expect(parseMessage(altered('id', integer.toString())).id).toBe(integer.toString());
    expect(parseMessage(altered('event.flows.trigger', [integer])).event.flows?.trigger).toEqual([integer]);
  });
});

describe('parseSecurityEvent', () => {
  it('wants a type and nothing else', () => {
    expect(parseSecurityEvent({ type: 'spam' })).toStrictEqual({ type: 'spam' });
    expect(() => parseSecurityEvent({})).toThrowError(
      expect.objectContaining({
        code: 'EVENT_INVALID',
        path: 'type',
        message: expect.stringContaining('security event'),
      }),
    );
  });
});
