import type { Subject } from '../compile/evaluator.ts';
import type { EventType } from './event-type.ts';
import { attachEvidence } from './evidence.ts';

const absentKey: unique symbol = Symbol('absent');

/** What stands for no event in the tuples of an outer join: all of its properties are null, and it is no evidence. */
export function absentEvent(type: EventType): Subject {
  const event = new type.Instance() as Subject;
  markAbsent(event);
  attachEvidence(event, []);
  return event;
}

/** From now on it stands for no event. */
export function markAbsent(event: Subject): void {
  Object.defineProperty(event, absentKey, { value: true });
}

export const isAbsent = (event: Subject): boolean => Object.hasOwn(event, absentKey);
