import type { TrafficMatch } from '../rule/rule.ts';

/** Flow records as a rule sees them: those that are alike in what was asked for (`FlowReplayQuery.aspects`). */
export interface TrafficFlow {
  /** As text in the form of RFC 5952. */
  readonly source: string;
  readonly destination: string;
  /** IANA protocol number; this and what follows is left out where it is not known, or was not asked for. */
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** All flags of all packets together. */
  readonly tcpFlags?: number;
  /** Sums; times the sampling rate where that is known. */
  readonly packets: number;
  readonly octets: number;
  /** How many flow records these are. */
  readonly flows: number;
}

/** What flows that are given as one are alike in, beside their addresses. `packetLength`: in their packets and octets. */
export type FlowAspect = 'protocol' | 'sourcePort' | 'destinationPort' | 'tcpFlags' | 'packetLength';

export interface FlowReplayQuery {
  /** The flow started at or after this, milliseconds since 1970, */
  readonly fromMs: number;
  /** and before this. */
  readonly toMs: number;
  /** Flows that match any of these are wanted; others may come too. */
  readonly anyOf: readonly TrafficMatch[];
  /** What is looked at: the fewer, the fewer flows come, each standing for more. */
  readonly aspects: readonly FlowAspect[];
  /** At most; of more, those with most octets. */
  readonly limit: number;
}

/** The flows that were kept. */
export interface FlowReplay {
  /** Some at a time. @throws ResponseError `RESPONSE_REPLAY_FAILED`. */
  replay(query: FlowReplayQuery): AsyncIterable<readonly TrafficFlow[]>;
}
