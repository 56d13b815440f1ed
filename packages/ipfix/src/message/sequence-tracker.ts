/** Gaps that are remembered, so that late messages can fill them. */
const mostGaps = 16;

/**
 * A step ahead of more than this is no loss but another count: the exporter restarted, or its numbers are not what
 * the standard says.
 */
const largestGap = 10_000_000;

/** Sequence numbers that were left out, up to but without `end`; all numbers are modulo 2^32. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

/** What a message's sequence number says. */
export type SequenceVerdict =
  | { readonly kind: 'expected' }
  /** `lost` numbers were left out. */
  | { readonly kind: 'gap'; readonly lost: number; readonly expected: number }
  /** The message belongs into a gap and gives back `recovered` numbers. */
  | { readonly kind: 'late'; readonly recovered: number }
  /** From the past, and was not missing. */
  | { readonly kind: 'repeated' }
  /** The numbers go on somewhere else. */
  | { readonly kind: 'reset' };

/** Follows the sequence numbers of one observation domain (RFC 7011 section 3.1, RFC 3954 section 5.1). */
export interface SequenceTracker {
  /**
   * @param count what the number of the next message grows by; undefined where records could not be counted, so
   *   that nothing can be said about the next message
   */
  track(sequenceNumber: number, count: number | undefined): SequenceVerdict;
}

const expected: SequenceVerdict = { kind: 'expected' };
const distance = (from: number, to: number) => (to - from) >>> 0;

export function createSequenceTracker(): SequenceTracker {
  let next: number | undefined;
  /** Where a restarted exporter, which the last message seemed to come from, would go on. */
  let restarted: number | undefined;
  const gaps: Gap[] = [];

  function goOn(sequenceNumber: number, count: number | undefined): void {
    next = count === undefined ? undefined : (sequenceNumber + count) >>> 0;
    restarted = undefined;
  }

  /** Takes the numbers of a late message out of the gap that they are missing from. */
  function fillGap(sequenceNumber: number, count: number): number | undefined {
    const i = gaps.findIndex(({ start, end }) => distance(start, sequenceNumber) < distance(start, end));
    if (i < 0) return undefined;
    const { start, end } = gaps[i];
    const recovered = Math.min(count, distance(sequenceNumber, end));
    const rest = [
      { start, end: sequenceNumber },
      { start: (sequenceNumber + recovered) >>> 0, end },
    ].filter((gap) => gap.start !== gap.end);
    gaps.splice(i, 1, ...rest);
    if (gaps.length > mostGaps) gaps.shift();
    return recovered;
  }

  return {
    track(sequenceNumber, count) {
      if (next === undefined || next === sequenceNumber) {
        goOn(sequenceNumber, count);
        return expected;
      }
      if (restarted === sequenceNumber) {
        gaps.length = 0;
        goOn(sequenceNumber, count);
        return { kind: 'reset' };
      }
      const ahead = distance(next, sequenceNumber);
      if (ahead <= largestGap) {
        const verdict: SequenceVerdict = { kind: 'gap', lost: ahead, expected: next };
        gaps.push({ start: next, end: sequenceNumber });
        if (gaps.length > mostGaps) gaps.shift();
        goOn(sequenceNumber, count);
        return verdict;
      }
      const recovered = fillGap(sequenceNumber, count ?? 0);
      if (recovered !== undefined) return { kind: 'late', recovered };
      // Whether this is a repeat or a restart shows when the next message comes.
      restarted = count === undefined ? undefined : (sequenceNumber + count) >>> 0;
      return { kind: 'repeated' };
    },
  };
}
