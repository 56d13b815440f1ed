import { createSequenceTracker, type SequenceVerdict } from './sequence-tracker.ts';

/** What the records of a message count for; undefined where they could not be counted. */
export interface SequenceCount {
  /** Data records, those of options among them, as RFC 7011 counts them. */
  readonly all: number;
  /** Without those of options, which some exporters leave out. */
  readonly data: number;
}

/**
 * - `before`: the number counts what was sent before the message (RFC 7011 section 3.1)
 * - `including`: it counts the message's own records as well, but none of options, as softflowd has it
 */
type Counting = 'before' | 'including';

/** Messages in a row that only the other counting explains, after which it is taken for the exporter's. */
const enoughEvidence = 4;

/** What a message's sequence number says, however the exporter counts. */
export type CountedVerdict =
  | SequenceVerdict
  /** The exporter counts otherwise than the standard has it, so that `recovered` were not lost at all. */
  | { readonly kind: 'recounted'; readonly recovered: number };

/** Follows the sequence numbers of an IPFIX observation domain, and finds out how its exporter counts. */
export interface SequenceCounting {
  track(sequenceNumber: number, count: SequenceCount | undefined): CountedVerdict;
}

export function createSequenceCounting(): SequenceCounting {
  let tracker = createSequenceTracker();
  let counting: Counting = 'before';
  let last: { readonly sequenceNumber: number; readonly count: SequenceCount } | undefined;
  let evidence = 0;
  let lostMeanwhile = 0;

  function startOver(as: Counting): void {
    tracker = createSequenceTracker();
    counting = as;
    evidence = 0;
    lostMeanwhile = 0;
  }

  function follow(sequenceNumber: number, count: SequenceCount | undefined): SequenceVerdict {
    if (counting === 'before' || count === undefined) return tracker.track(sequenceNumber, count?.all);
    return tracker.track((sequenceNumber - count.data) >>> 0, count.data);
  }

  /** The countings by which nothing was lost between the last message and this one. */
  function explanations(sequenceNumber: number, count: SequenceCount | undefined): readonly Counting[] {
    if (last === undefined || count === undefined) return [];
    const step = (sequenceNumber - last.sequenceNumber) >>> 0;
    const before: Counting[] = step === last.count.all ? ['before'] : [];
    return step === count.data ? [...before, 'including'] : before;
  }

  return {
    track(sequenceNumber, count) {
      // By the standard the first message of all has the number 0.
      const isFirst = last === undefined && count !== undefined && count.data > 0;
      if (isFirst && sequenceNumber === count.data) counting = 'including';
      const explained = explanations(sequenceNumber, count);
      last = count === undefined ? undefined : { sequenceNumber, count };
      if (explained.length === 2) return follow(sequenceNumber, count);
      if (explained.length === 0 || explained[0] === counting) {
        evidence = 0;
        lostMeanwhile = 0;
        return follow(sequenceNumber, count);
      }
      evidence++;
      if (counting === 'including' || evidence === enoughEvidence) {
        const recovered = lostMeanwhile;
        startOver(explained[0]);
        follow(sequenceNumber, count);
        return { kind: 'recounted', recovered };
      }
      const verdict = follow(sequenceNumber, count);
      if (verdict.kind === 'gap') lostMeanwhile += verdict.lost;
      if (verdict.kind === 'late') lostMeanwhile -= verdict.recovered;
      return verdict;
    },
  };
}
