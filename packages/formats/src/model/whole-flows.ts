import type { Message } from '@flowpact/event';
import type { Addition } from './addition.ts';
import { type Json, type JsonRecord, messageToTree } from './message-json.ts';

/** The additions, with one for the whole flow table where a format says nothing of it: shorter than one a column. */
export function withWholeFlows(additions: readonly Addition[], message: Message): readonly Addition[] {
  const isFlows = ({ path }: Addition) => path.startsWith('event.flows.');
  if (!additions.some(isFlows)) return additions;
  const event = (messageToTree(message) as JsonRecord).event as JsonRecord;
  return [
    ...additions.filter((addition) => !isFlows(addition)),
    { path: 'event.flows', value: event.flows as Json },
  ];
}
