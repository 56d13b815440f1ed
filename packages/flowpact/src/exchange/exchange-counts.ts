import type { ExchangeEvent } from '@flowpact/exchange';

/** How often each kind of thing has happened since the start, by partner; the empty name is nobody known. */
export type ExchangeCounts = readonly {
  readonly partner: string;
  readonly kind: ExchangeEvent['kind'];
  readonly count: number;
  /** When it last did, milliseconds since 1970. */
  readonly lastMs: number;
}[];

/** Counts what happens in an exchange. Partners are those configured, so that their number is bounded. */
export function createExchangeCounts(): { add(event: ExchangeEvent): void; readonly all: ExchangeCounts } {
  const counts = new Map<
    string,
    { partner: string; kind: ExchangeEvent['kind']; count: number; lastMs: number }
  >();
  return {
    add(event) {
      const partner = 'partner' in event ? event.partner : '';
      const key = `${event.kind} ${partner}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { partner, kind: event.kind, count: 1, lastMs: event.atMs });
      else {
        known.count++;
        known.lastMs = event.atMs;
      }
    },
    get all() {
      return [...counts.values()];
    },
  };
}
