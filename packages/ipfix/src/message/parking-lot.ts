import type { DecoderLimits } from './decoder-limits.ts';
import type { MutableDecoderStats } from './decoder-stats.ts';
import type { MessageHeader } from './message-header.ts';
import type { ObservationDomain } from './observation-domain.ts';

/** A data set without its set header, waiting for its template. */
export interface ParkedSet {
  readonly domain: ObservationDomain;
  readonly templateId: number;
  readonly octets: Uint8Array;
  readonly header: MessageHeader;
}

/**
 * Keeps the data sets of a session whose template has not come. Bounded by sets, octets and age; what does not fit
 * pushes out the oldest.
 */
export interface ParkingLot {
  /** Keeps a copy; false where a set is larger than the whole lot. */
  park(
    bytes: Uint8Array,
    start: number,
    end: number,
    templateId: number,
    domain: ObservationDomain,
    header: MessageHeader,
  ): boolean;
  /**
   * Hands over the sets that waited for this template, in the order they came; those too old may have had another
   * template of the same id.
   *
   * @param exportTime of the message with the template, seconds since 1970
   */
  release(domain: ObservationDomain, templateId: number, exportTime: number): readonly ParkedSet[];
}

type ParkingLimits = Pick<DecoderLimits, 'maxParkedBytes' | 'maxParkedSets' | 'maxParkedSeconds'>;

/** @param onExpired told of each set that is given up */
export function createParkingLot(
  { maxParkedBytes, maxParkedSets, maxParkedSeconds }: ParkingLimits,
  stats: MutableDecoderStats,
  onExpired: (set: ParkedSet) => void,
): ParkingLot {
  /** All of them, the oldest first: sets keep the order in which they are added. */
  const waiting = new Set<ParkedSet>();

  function remove(set: ParkedSet): void {
    waiting.delete(set);
    stats.parkedBytes -= set.octets.length;
  }

  function expire(set: ParkedSet): void {
    remove(set);
    const { parked } = set.domain;
    const sets = parked.get(set.templateId) ?? [];
    // The oldest of all is the first of its template, so that there is little to search.
    sets.splice(sets.indexOf(set), 1);
    if (sets.length === 0) parked.delete(set.templateId);
    stats.expiredSets++;
    onExpired(set);
  }

  return {
    park(bytes, start, end, templateId, domain, header) {
      if (maxParkedSets === 0 || end - start > maxParkedBytes) return false;
      for (const oldest of waiting) {
        const fits = waiting.size < maxParkedSets && stats.parkedBytes + end - start <= maxParkedBytes;
        if (fits && header.exportTime - oldest.header.exportTime <= maxParkedSeconds) break;
        expire(oldest);
      }
      const set = { domain, templateId, octets: bytes.slice(start, end), header };
      waiting.add(set);
      const sets = domain.parked.get(templateId);
      if (sets === undefined) domain.parked.set(templateId, [set]);
      else sets.push(set);
      stats.parkedSets++;
      stats.parkedBytes += set.octets.length;
      return true;
    },
    release(domain, templateId, exportTime) {
      const sets = domain.parked.get(templateId) ?? [];
      const tooOld = ({ header }: ParkedSet) => exportTime - header.exportTime > maxParkedSeconds;
      for (const set of sets.filter(tooOld)) expire(set);
      const released = domain.parked.get(templateId) ?? [];
      domain.parked.delete(templateId);
      for (const set of released) remove(set);
      return released;
    },
  };
}
