import type { FlowValue } from '@flowpact/event';
import type { Json } from './message-json.ts';

/** One value of a flow in the message's JSON form. */
export function flowValueJson(value: FlowValue): Json {
  switch (typeof value) {
    case 'bigint':
      return { $integer: value.toString() };
    case 'number':
      if (Object.is(value, -0)) return { $number: '-0' };
      return Number.isFinite(value) ? value : { $number: String(value) };
    case 'object':
      if (value === null) return null;
      if (value instanceof Uint8Array) return { $octets: Buffer.from(value).toString('hex') };
      return (value as readonly FlowValue[]).map(flowValueJson);
    default:
      return value;
  }
}
