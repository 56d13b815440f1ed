import { timeOfMailDate } from '../mail/mail-date.ts';
import type { Json } from '../model/message-json.ts';
import { asText } from '../model/values.ts';

export type JsonObject = { readonly [name: string]: Json };

export const textOfJson = (value: Json) => (typeof value === 'string' ? asText(value) : undefined);
export const timeOfJson = (value: Json) => (typeof value === 'string' ? timeOfMailDate(value) : undefined);
export const portOfJson = (value: Json) =>
  wholeOfJson(typeof value === 'string' && /^[0-9]{1,5}$/.test(value) ? Number(value) : value, 65535);
export const countOfJson = (value: Json) => wholeOfJson(value, Number.MAX_SAFE_INTEGER);

export function wholeOfJson(value: Json, max: number): number | undefined {
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
  return isWhole ? Math.abs(value) : undefined;
}
