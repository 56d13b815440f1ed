import type { TrafficMatch } from '../rule/rule.ts';

/** A flow as a rule sees it. */
export interface TrafficFlow {
  /** As text in the form of RFC 5952. */
  readonly source: string;
  readonly destination: string;
  /** IANA protocol number. */
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** All flags of all its packets together. */
  readonly tcpFlags?: number;
  readonly packets: number;
  readonly octets: number;
  /** Flow records that this one stands for: those alike in everything above but their counts. */
  readonly flows: number;
}

export interface FlowReplayQuery {
  /** The flow started at or after this, milliseconds since 1970, */
  readonly fromMs: number;
  /** and before this. */
  readonly toMs: number;
  /** Flows that match any of these are wanted; others may come too. */
  readonly anyOf: readonly TrafficMatch[];
  /** At most. */
  readonly limit: number;
}

/** The flows that were kept. */
export interface FlowReplay {
  /** Some at a time. */
  replay(query: FlowReplayQuery): AsyncIterable<readonly TrafficFlow[]>;
}
