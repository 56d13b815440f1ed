import {
  type Count,
  type Endpoint,
  type SecurityEvent,
  severities,
  type Tlp,
  type Totals,
  tlpLabels,
} from '@flowpact/event';

/**
 * Several events of one type as one: from the first to the last, sums of what was counted, the worst severity, the
 * strictest label, sources and targets of all (a bounded number), and of the latest what cannot be added up: its text
 * and its flows.
 */
export class GatheredEvent {
  readonly #maxEndpoints: number;
  readonly #sources = new Map<string, Endpoint>();
  readonly #targets = new Map<string, Endpoint>();
  #merged: SecurityEvent;
  #count = 0;

  /** @param count Events that the first one stands for. */
  constructor(first: SecurityEvent, maxEndpoints: number, count = 1) {
    this.#maxEndpoints = maxEndpoints;
    this.#merged = first;
    this.add(first, count);
  }

  /** Events in it. */
  get count(): number {
    return this.#count;
  }

  add(event: SecurityEvent, count = 1): void {
    if (this.#count > 0) this.#merged = merge(this.#merged, event);
    this.#count += count;
    this.#addSide(this.#sources, event.sources);
    this.#addSide(this.#targets, event.targets);
  }

  event(): SecurityEvent {
    return {
      ...this.#merged,
      ...(this.#sources.size === 0 ? {} : { sources: [...this.#sources.values()] }),
      ...(this.#targets.size === 0 ? {} : { targets: [...this.#targets.values()] }),
    };
  }

  #addSide(known: Map<string, Endpoint>, side: readonly Endpoint[] = []): void {
    for (const endpoint of side) {
      if (known.size >= this.#maxEndpoints) return;
      known.set(JSON.stringify(endpoint), endpoint);
    }
  }
}

function merge(earlier: SecurityEvent, later: SecurityEvent): SecurityEvent {
  return {
    ...earlier,
    ...later,
    ...defined('startMs', least(earlier.startMs, later.startMs)),
    ...defined('endMs', most(earlier.endMs, later.endMs)),
    ...defined('confidence', most(earlier.confidence, later.confidence)),
    ...defined('severity', last(severities, earlier.severity, later.severity)),
    ...defined('tlp', last<Tlp>(tlpLabels, earlier.tlp, later.tlp)),
    ...defined('totals', sumOf(earlier.totals, later.totals)),
  };
}

function sumOf(a: Totals | undefined, b: Totals | undefined): Totals | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    ...defined('flows', sum(a.flows, b.flows)),
    ...defined('packets', sum(a.packets, b.packets)),
    ...defined('octets', sum(a.octets, b.octets)),
    // Rates are of different times.
    ...defined('packetsPerSecond', most(a.packetsPerSecond, b.packetsPerSecond)),
    ...defined('bitsPerSecond', most(a.bitsPerSecond, b.bitsPerSecond)),
  };
}

function sum(a: Count | undefined, b: Count | undefined): Count | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const total = BigInt(a) + BigInt(b);
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(total) : total;
}

function least<T extends Count>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b < a ? b : a;
}

function most<T extends Count>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b > a ? b : a;
}

/** The one that stands further behind in the order of all. */
function last<T>(order: readonly T[], a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return order.indexOf(b) > order.indexOf(a) ? b : a;
}

function defined<K extends string, V>(name: K, value: V | undefined): { readonly [name in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in K]?: V };
}
