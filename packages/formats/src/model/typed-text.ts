import type { FlowValue } from '@flowpact/event';
import type { Json } from './message-json.ts';

/** A value as XML formats say it: a type and a text. */
export interface TypedText {
  readonly type: 'integer' | 'real' | 'boolean' | 'string' | 'octets';
  readonly text: string;
}

/** Undefined for what has no common text: nothing, lists, numbers that are none. */
export function typedTextOf(value: FlowValue | undefined): TypedText | undefined {
  switch (typeof value) {
    case 'bigint':
      return { type: 'integer', text: value.toString() };
    case 'number':
      if (!Number.isFinite(value) || Object.is(value, -0)) return undefined;
      return { type: Number.isSafeInteger(value) ? 'integer' : 'real', text: String(value) };
    case 'boolean':
      return { type: 'boolean', text: String(value) };
    case 'string':
      return { type: 'string', text: value };
    case 'object':
      return value instanceof Uint8Array
        ? { type: 'octets', text: Buffer.from(value).toString('hex') }
        : undefined;
    default:
      return undefined;
  }
}

/** The value in the message's JSON form; a text that is not what its type says is a string. */
export function valueOfTypedText(type: string | undefined, text: string): Json {
  switch (type) {
    case 'integer':
      return integerOf(text) ?? text;
    case 'real':
      return /^\s*[-+]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?\s*$/.test(text)
        ? finite(text)
        : text;
    case 'boolean':
      return text.trim() === 'true' || (text.trim() === 'false' ? false : text);
    case 'octets':
      return /^\s*([0-9a-fA-F]{2})*\s*$/.test(text) ? { $octets: text.trim().toLowerCase() } : text;
    default:
      return text;
  }
}

function integerOf(text: string): Json | undefined {
  const digits = text.trim();
  if (!/^[-+]?[0-9]{1,150}$/.test(digits)) return undefined;
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return value + 0 === 0 ? 0 : value;
  return { $integer: BigInt(digits.replace('+', '')).toString() };
}

function finite(text: string): Json {
  const value = Number(text);
  if (Object.is(value, -0)) return 0;
  return Number.isFinite(value) ? value : text;
}
