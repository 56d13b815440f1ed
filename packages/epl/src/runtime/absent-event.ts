import type { Subject } from '../compile/evaluator.ts';
import type { EventType } from './event-type.ts';
import { attachEvidence } from './evidence.ts';

const absentKey: unique symbol = Symbol('absent');

/** What stands for no event in the tuples of an outer join: all of its properties are null, and it is no evidence. */
export function absentEvent(type: EventType): Subject {
  const event = new type.Instance() as Record<PropertyKey, unknown>;
  Object.defineProperty(event, absentKey, { value: true });
  attachEvidence(event as Subject, []);
  return event as Subject;
}

export const isAbsent = (event: Subject): boolean => Object.hasOwn(event, absentKey);
