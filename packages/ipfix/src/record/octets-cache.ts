/**
 * A direct-mapped cache from a few octets to what was made of them. Flows repeat their addresses and URLs, so
 * most lookups hit, and equal values become one string object, which makes comparing and hashing them cheap
 * for everyone after. Memory is fixed: `slots × longest` octets plus one value a slot.
 */
export interface OctetsCache<T> {
  /** What `make` gives for the octets from `start` to `end`. */
  get(bytes: Uint8Array, start: number, end: number): T;
}

/**
 * @param slots a power of two
 * @param longest octets; longer input is made anew each time
 */
export function createOctetsCache<T>(
  slots: number,
  longest: number,
  make: (bytes: Uint8Array, start: number, end: number) => T,
): OctetsCache<T> {
  const octets = new Uint8Array(slots * longest);
  const lengths = new Int32Array(slots).fill(-1);
  const values: T[] = new Array(slots);

  return {
    get(bytes, start, end) {
      const length = end - start;
      if (length > longest) return make(bytes, start, end);
      // FNV-1a, with the high bits folded in because only low ones pick the slot.
      let hash = 0x811c9dc5;
      for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
      const slot = (hash ^ (hash >>> 15)) & (slots - 1);
      const at = slot * longest;
      if (lengths[slot] === length) {
        let i = 0;
        while (i < length && octets[at + i] === bytes[start + i]) i++;
        if (i === length) return values[slot];
      }
      const value = make(bytes, start, end);
      for (let i = 0; i < length; i++) octets[at + i] = bytes[start + i];
      lengths[slot] = length;
      values[slot] = value;
      return value;
    },
  };
}
