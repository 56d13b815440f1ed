import type { Loss } from '../format.ts';
import { additionsBetween } from './addition.ts';
import type { Json } from './message-json.ts';

/** Fields that every message must have: where a document has none, the reader puts something there. */
const supplied: ReadonlySet<string> = new Set(['kind', 'id', 'sender.name', 'createdMs']);

/**
 * What a document does not say of a message: measured, by comparing the message with what is read back, not declared
 * field by field in the mapping. Nothing can be lost that is not named here.
 */
export function lossesBetween(message: Json, readBack: Json, formatTitle: string): readonly Loss[] {
  const back = new Map(additionsBetween(message, readBack).map(({ path, value }) => [path, value]));
  return additionsBetween(readBack, message).map(({ path }): Loss => {
    const instead = back.get(path);
    const isThere = instead !== undefined && !isAbsent(instead) && !supplied.has(path);
    return isThere
      ? { path, effect: 'approximated', note: `${formatTitle} says ${shortened(instead)}` }
      : { path, effect: 'dropped', note: `${formatTitle} has no place for it` };
  });
}

/** At most `max` entries; the last one counts those beyond. */
export function boundedLosses(losses: readonly Loss[], max: number): readonly Loss[] {
  if (losses.length <= max) return losses;
  const left = losses.length - max;
  return [...losses.slice(0, max), { path: '', effect: 'dropped', note: `${left} more, not listed` }];
}

function isAbsent(value: Json): boolean {
  return typeof value === 'object' && value !== null && '$absent' in value;
}

function shortened(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
