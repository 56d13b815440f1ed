import type { ExchangeReport } from '../exchange/running-exchange.ts';
import type { OutputReport } from '../output/finding-output.ts';
import type { ResponseReport } from '../response/running-response.ts';
import type { FlowReport } from './flow-threads.ts';
import type { ThreadUsage } from './thread-usage.ts';

/** How everything fares at one moment: what `/healthz` and `/metrics` are made of. */
export interface DaemonReport extends FlowReport {
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** Of the process, resident, octets. */
  readonly residentOctets: number;
  /** Of the main thread. */
  readonly usage: ThreadUsage;
  readonly outputs: readonly OutputReport[];
  /** Left out: no exchange is configured. */
  readonly exchange?: ExchangeReport;
  /** Left out: no response is configured. */
  readonly response?: ResponseReport;
  /** Left out: nothing is kept. */
  readonly store?: { readonly commits: number; readonly failedWrites: number };
}
