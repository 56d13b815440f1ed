import type { FlowReport } from './flow-threads.ts';
import type { OutputReport } from './outputs.ts';

/** How everything fares at one moment: what `/healthz` and `/metrics` are made of. */
export interface DaemonReport extends FlowReport {
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly outputs: readonly OutputReport[];
}
