import type { Allowance } from './allowance.ts';
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
  /** Keeps a copy; false where a set is larger than the whole lot, or other sessions left no room. */
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

/** What an empty set takes of memory, octets. */
const octetsOfEmptySet = 128;

const heldOctets = (length: number) => octetsOfEmptySet + length;

type ParkingLimits = Pick<DecoderLimits, 'maxParkedBytes' | 'maxParkedSets' | 'maxParkedSeconds'>;

/**
 * @param onExpired told of each set that is given up
 * @param octetsLeft what may still be parked by this and other sessions
 */
export function createParkingLot(
  { maxParkedBytes, maxParkedSets, maxParkedSeconds }: ParkingLimits,
  stats: MutableDecoderStats,
  onExpired: (set: ParkedSet) => void,
  octetsLeft: Allowance,
): ParkingLot {
  /** All of them, the oldest first: sets keep the order in which they are added. */
  const waiting = new Set<ParkedSet>();

  function remove(set: ParkedSet): void {
    waiting.delete(set);
    stats.parkedBytes -= set.octets.length;
    octetsLeft.giveBack(heldOctets(set.octets.length));
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
      // Others may hold so much that this session's own oldest sets have to give way for it to park anything.
      while (!octetsLeft.take(heldOctets(end - start))) {
        const [oldest] = waiting;
        if (oldest === undefined) return false;
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
