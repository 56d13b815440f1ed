/**
 * A map from simple values to objects: open addressing over hashes in one typed array, so that a lookup among many
 * keys misses the cache less often than Map does, which must read every key that it passes. Keys that were made to
 * collide, and keys that are objects, turn it into a Map.
 */
export class KeyIndex<V> {
  /** Hash and number of the entry, by turns. Entry 0 stands for a free place, -1 for one that was freed. */
  private places = new Int32Array(2 * smallest);
  private mask = smallest - 1;
  /** Key and value of each entry, by turns; entry 1 stands at 0. */
  private entries: unknown[] = [];
  private vacancies: number[] = [];
  /** Places that are not free, freed ones included. */
  private taken = 0;
  private fallback: Map<unknown, V> | undefined;
  private count = 0;

  get size(): number {
    return this.fallback === undefined ? this.count : this.fallback.size;
  }

  get(key: unknown): V | undefined {
    if (this.fallback !== undefined) return this.fallback.get(key);
    const at = this.placeOf(key, hashOf(key));
    return at < 0 ? undefined : (this.entries[2 * this.places[at + 1] - 1] as V);
  }

  set(key: unknown, value: V): void {
    const hash = hashOf(key);
    if (this.fallback === undefined && hash === notSimple) this.fallBack();
    if (this.fallback !== undefined) {
      this.fallback.set(key, value);
      return;
    }
    const at = this.placeOf(key, hash);
    if (at >= 0) {
      this.entries[2 * this.places[at + 1] - 1] = value;
      return;
    }
    if ((this.taken + 1) * 2 > this.mask) this.rebuild();
    const entry = this.vacancies.pop() ?? (this.entries.length >> 1) + 1;
    this.entries[2 * entry - 2] = key;
    this.entries[2 * entry - 1] = value;
    this.count++;
    if (!this.place(hash, entry)) this.fallBack();
  }

  delete(key: unknown): boolean {
    if (this.fallback !== undefined) return this.fallback.delete(key);
    const at = this.placeOf(key, hashOf(key));
    if (at < 0) return false;
    const entry = this.places[at + 1];
    this.places[at + 1] = freed;
    this.entries[2 * entry - 2] = vacant;
    this.entries[2 * entry - 1] = undefined;
    this.vacancies.push(entry);
    this.count--;
    return true;
  }

  *values(): Iterable<V> {
    if (this.fallback !== undefined) {
      yield* this.fallback.values();
      return;
    }
    const { entries } = this;
    for (let i = 0; i < entries.length; i += 2) if (entries[i] !== vacant) yield entries[i + 1] as V;
  }

  /** Where its hash stands; -1 where it is not here. */
  private placeOf(key: unknown, hash: number): number {
    const { places, entries, mask } = this;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = places[2 * i + 1];
      if (entry === 0) return -1;
      if (entry > 0 && places[2 * i] === hash) {
        const found = entries[2 * entry - 2];
        // NaN is a key like any other.
        // biome-ignore lint/suspicious/noSelfCompare: the quickest test for NaN
        if (found === key || (key !== key && found !== found)) return 2 * i;
      }
    }
  }

  /** Puts an entry to the first free place; false where too many stand in its way. */
  private place(hash: number, entry: number): boolean {
    const { places, mask } = this;
    let i = hash & mask;
    for (let probes = 0; places[2 * i + 1] > 0; probes++) {
      if (probes > longestProbe) return false;
      i = (i + 1) & mask;
    }
    if (places[2 * i + 1] === 0) this.taken++;
    places[2 * i] = hash;
    places[2 * i + 1] = entry;
    return true;
  }

  /** Makes room, or sweeps out freed places. */
  private rebuild(): void {
    let capacity = smallest;
    while (capacity < 4 * (this.count + 1)) capacity *= 2;
    this.places = new Int32Array(2 * capacity);
    this.mask = capacity - 1;
    this.taken = 0;
    const { entries } = this;
    for (let entry = 1; 2 * entry <= entries.length; entry++) {
      const key = entries[2 * entry - 2];
      if (key !== vacant && !this.place(hashOf(key), entry)) {
        this.fallBack();
        return;
      }
    }
  }

  private fallBack(): void {
    const map = new Map<unknown, V>();
    const { entries } = this;
    for (let i = 0; i < entries.length; i += 2)
      if (entries[i] !== vacant) map.set(entries[i], entries[i + 1] as V);
    this.fallback = map;
    this.entries = [];
    this.vacancies = [];
  }
}

const smallest = 16;
const freed = -1;
const vacant = Symbol('vacant');
const longestProbe = 128;
/** Of a key that only a Map can find. */
const notSimple = 0;
/** Of a string the first and the last characters count, so many, beside its length. */
const longestPart = 24;

function hashOf(key: unknown): number {
  if (typeof key === 'string') return hashOfText(key);
  if (typeof key === 'number') {
    return mix((key | 0) === key ? key : Math.imul(key % 1_000_003, 0x9e3779b1) ^ (key / 4_294_967_296));
  }
  if (key === null) return 2;
  if (typeof key === 'boolean') return key ? 3 : 4;
  return notSimple;
}

function hashOfText(text: string): number {
  const { length } = text;
  let hash = length;
  const head = length <= 2 * longestPart ? length : longestPart;
  for (let i = 0; i < head; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  if (head < length)
    for (let i = length - longestPart; i < length; i++)
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** Never {@link notSimple}. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash === notSimple ? 1 : hash;
}
