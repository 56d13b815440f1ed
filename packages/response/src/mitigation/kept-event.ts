import type { Endpoint, SecurityEvent } from '@flowpact/event';

const maxEndpoints = 64;
const maxTextLength = 2_000;

/** An event as it is kept with a mitigation: without its flows, and of a size that partners cannot choose. */
export function keptEvent({ flows: _, additional: __, ...event }: SecurityEvent): SecurityEvent {
  const { sources, targets, text } = event;
  return {
    ...event,
    ...(sources === undefined ? {} : { sources: sources.slice(0, maxEndpoints) }),
    ...(targets === undefined ? {} : { targets: targets.slice(0, maxEndpoints) }),
    ...(text === undefined ? {} : { text: text.slice(0, maxTextLength) }),
  };
}

/** The same for events that say that the same goes on: of one statement, about the same hosts. */
export function eventKey({ type, detector, sources, targets }: SecurityEvent): string {
  return JSON.stringify([type, detector?.rule, addressesOf(sources), addressesOf(targets)]);
}

const addressesOf = (endpoints: readonly Endpoint[] = []) =>
  endpoints
    .map(({ address, prefixLength, name }) => `${address ?? name ?? ''}/${prefixLength ?? ''}`)
    .sort()
    .slice(0, maxEndpoints);
