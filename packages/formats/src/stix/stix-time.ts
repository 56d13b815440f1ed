import { timeText } from '../model/time-text.ts';

/** A timestamp with three digits after the second, as `created` and `modified` must have (STIX 2.1, section 3.2). */
export function stixTime(ms: number): string {
  return timeText(ms).replace(/(:[0-9]{2})Z$/, '$1.000Z');
}
