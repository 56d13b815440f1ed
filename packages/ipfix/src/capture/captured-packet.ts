/** One packet as a capture file holds it. */
export interface CapturedPacket {
  /** LINKTYPE_ value of the interface, which says what the octets begin with. */
  readonly linkType: number;
  /** When it was captured, milliseconds since 1970 UTC, possibly with a fraction. */
  readonly timeMs: number;
  /** What was captured; valid as long as the chunk it came in. */
  readonly octets: Uint8Array;
  /** Octets that the packet had on the wire; more than `octets` where the capture cut it off. */
  readonly wireLength: number;
}
