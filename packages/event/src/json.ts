import { EventError } from './event-error.ts';
import type { Message } from './message.ts';
import type { SecurityEvent } from './security-event.ts';
import { parseMessage, parseSecurityEvent } from './validation.ts';

/**
 * JSON text of an event or a message. Two kinds of value that JSON lacks become one-key objects: octets
 * `{"$octets":"c0000201"}` and integers beyond 2^53-1 `{"$integer":"18446744073709551615"}`; so do numbers that are
 * not finite, `{"$number":"NaN"}`.
 */
export function stringifyEvent(value: SecurityEvent | Message, indent?: number): string {
  return JSON.stringify(value, toJsonValue, indent);
}

/** @throws EventError `EVENT_BAD_JSON` or `EVENT_INVALID`. */
export function securityEventFromJson(text: string): SecurityEvent {
  return parseSecurityEvent(fromJson(text));
}

/** @throws EventError `EVENT_BAD_JSON` or `EVENT_INVALID`. */
export function messageFromJson(text: string): Message {
  return parseMessage(fromJson(text));
}

function toJsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: value.toString() };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  // Buffer.toJSON has run before this function sees the value, so look for its result too.
  if (value instanceof Uint8Array) return { $octets: Buffer.from(value).toString('hex') };
  if (isBufferJson(value)) return { $octets: Buffer.from(value.data).toString('hex') };
  return value;
}

function isBufferJson(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text, fromJsonValue);
  } catch (cause) {
    if (cause instanceof EventError) throw cause;
    throw new EventError('EVENT_BAD_JSON', `not JSON: ${(cause as Error).message}`, { cause });
  }
}

const numbersBeyondJson: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

function fromJsonValue(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const [name, second] = Object.keys(value);
  if (second !== undefined) return value;
  const content = (value as Readonly<Record<string, unknown>>)[name];
  switch (name) {
    case '$octets':
      if (typeof content !== 'string' || !/^([0-9a-fA-F]{2})*$/.test(content))
        fail(name, 'is not hexadecimal');
      return Uint8Array.from(Buffer.from(content, 'hex'));
    case '$integer':
      // 2^511 has 154 digits.
      if (typeof content !== 'string' || !/^-?[0-9]{1,154}$/.test(content)) fail(name, 'is not an integer');
      return BigInt(content);
    case '$number': {
      const number = numbersBeyondJson.get(content);
      if (number === undefined) fail(name, `is none of ${[...numbersBeyondJson.keys()].join(', ')}`);
      return number;
    }
    default:
      return value;
  }
}

function fail(name: string, fault: string): never {
  throw new EventError('EVENT_BAD_JSON', `${name} ${fault}`);
}
