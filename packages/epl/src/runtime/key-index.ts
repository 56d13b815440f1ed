import { NestedMap } from './nested-map.ts';
import { hashOf, PackedKey, unpack, wordsPerPart } from './packed-key.ts';
import { type StateStream, UnfitState } from './snapshot/state-stream.ts';

/**
 * A map from lists of simple values to objects: open addressing over typed arrays. Keys are packed into whole numbers
 * and compared as these, so that a lookup among many keys reads neither their strings, which lie spread over memory,
 * nor the objects that it passes. Keys that were made to collide, and keys that are objects, turn it into Maps.
 *
 * A lookup takes two steps: {@link part} for each part of the key, then {@link find}, {@link add} or {@link remove}.
 */
export class KeyIndex<V> {
  private readonly key: PackedKey;
  private readonly parts: number;
  private readonly stride: number;
  /** Hash and number of the entry, by turns. Entry 0 stands for a free place, -1 for one that was freed. */
  private places = new Int32Array(2 * smallest);
  private mask = smallest - 1;
  /** Places that are not free, freed ones included. */
  private taken = 0;
  /** The packed keys; that of entry 1 stands first, as in the lists below. */
  private words: Int32Array;
  /** The parts that are long texts. Undefined while there are none. */
  private texts: (string | undefined)[] | undefined;
  private entries: (V | undefined)[] = [];
  private vacancies: number[] = [];
  private count = 0;
  private fallback: NestedMap<V> | undefined;

  /** @param parts number of values of every key, at least 1 */
  constructor(parts: number) {
    this.key = new PackedKey(parts);
    this.parts = parts;
    this.stride = parts * wordsPerPart;
    this.words = new Int32Array((smallest >> 1) * this.stride);
  }

  get size(): number {
    return this.fallback === undefined ? this.count : this.fallback.size;
  }

  /** Sets one part of the key that is looked up; they come one after the other, from 0. */
  part(i: number, value: unknown): void {
    this.key.set(i, value);
  }

  find(): V | undefined {
    if (this.fallback !== undefined) return this.fallback.get(this.key.values);
    const { words, hasObject } = this.key;
    if (hasObject) return undefined;
    const place = this.placeOf(hashOf(words, 0, this.stride));
    return place < 0 ? undefined : this.entries[this.places[place + 1] - 1];
  }

  /** Adds a value under the key, which must not be here. */
  add(value: V): void {
    const { key } = this;
    if (key.hasObject && this.fallback === undefined) this.fallBack();
    if (this.fallback !== undefined) {
      this.fallback.set(key.values, value);
      return;
    }
    if ((this.taken + 1) * 2 > this.mask) this.rebuild();
    // Rebuilding may have fallen back.
    if (this.fallback !== undefined) {
      this.add(value);
      return;
    }
    this.enter((this.vacancies.pop() ?? this.entries.length + 1) - 1, value);
  }

  /** Puts a value there, under the key that is looked up. */
  private enter(at: number, value: V): void {
    const { key, parts, stride } = this;
    this.entries[at] = value;
    this.words.set(key.words, at * stride);
    if (key.hasLongText) this.texts ??= new Array(at * parts).fill(undefined);
    if (this.texts !== undefined)
      for (let i = 0; i < parts; i++) this.texts[at * parts + i] = key.longText(i);
    this.count++;
    if (!this.place(hashOf(key.words, 0, stride), at + 1)) this.fallBack();
  }

  /** Puts another value in the place of the one under the key, which must be here. */
  replace(value: V): void {
    const { key } = this;
    if (this.fallback !== undefined) this.fallback.set(key.values, value);
    else this.entries[this.places[this.placeOf(hashOf(key.words, 0, this.stride)) + 1] - 1] = value;
  }

  /** Takes out what stands under the key. False where nothing does. */
  remove(): boolean {
    const { key, parts } = this;
    if (this.fallback !== undefined) return this.fallback.delete(key.values);
    const place = key.hasObject ? -1 : this.placeOf(hashOf(key.words, 0, this.stride));
    if (place < 0) return false;
    const entry = this.places[place + 1];
    this.places[place + 1] = freed;
    this.entries[entry - 1] = undefined;
    if (key.hasLongText) this.texts!.fill(undefined, (entry - 1) * parts, entry * parts);
    this.vacancies.push(entry);
    this.count--;
    return true;
  }

  /** Takes out all values that do not pass. */
  keep(test: (value: V) => boolean): void {
    if (this.fallback !== undefined) {
      this.fallback.keep(test);
      return;
    }
    const { entries } = this;
    for (let at = 0; at < entries.length; at++) {
      const value = entries[at];
      if (value === undefined || test(value)) continue;
      entries[at] = undefined;
      this.count--;
    }
    this.rebuild();
  }

  *values(): Iterable<V> {
    if (this.fallback !== undefined) yield* this.fallback.values();
    else for (const value of this.entries) if (value !== undefined) yield value;
  }

  /** Where the key stands that has this hash; -1 where it is not here. */
  private placeOf(hash: number): number {
    const { places, mask } = this;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = places[2 * i + 1];
      if (entry === 0) return -1;
      if (places[2 * i] === hash && entry > 0 && this.holds(entry - 1)) return 2 * i;
    }
  }

  /** Whether the key of that entry is the one that is looked up. */
  private holds(at: number): boolean {
    const { words, stride, key, parts } = this;
    const wanted = key.words;
    for (let i = 0; i < stride; i++) if (words[at * stride + i] !== wanted[i]) return false;
    if (!key.hasLongText) return true;
    for (let i = 0; i < parts; i++) {
      const text = this.texts![at * parts + i];
      if (text !== undefined && text !== key.values[i]) return false;
    }
    return true;
  }

  /** Puts an entry to the first place that is free; false where too many stand in its way. */
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

  /** Makes room, and closes the gaps that freed places and entries have left. */
  private rebuild(): void {
    const { entries, words, texts, stride, parts } = this;
    let capacity = smallest;
    while (capacity < 4 * (this.count + 1)) capacity *= 2;
    this.places = new Int32Array(2 * capacity);
    this.mask = capacity - 1;
    this.taken = 0;
    this.words = new Int32Array((capacity >> 1) * stride);
    this.entries = [];
    this.vacancies = [];
    if (texts !== undefined) this.texts = [];
    let collided = false;
    for (let from = 0; from < entries.length; from++) {
      if (entries[from] === undefined) continue;
      const at = this.entries.push(entries[from]) - 1;
      this.words.set(words.subarray(from * stride, (from + 1) * stride), at * stride);
      if (texts !== undefined)
        for (let i = 0; i < parts; i++) this.texts![at * parts + i] = texts[from * parts + i];
      if (!this.place(hashOf(words, from * stride, stride), at + 1)) collided = true;
    }
    if (collided) this.fallBack();
  }

  private fallBack(): void {
    const { entries } = this;
    const map = new NestedMap<V>(this.parts);
    for (const [at, value] of entries.entries()) {
      if (value === undefined) continue;
      map.set(this.keysAt(at), value);
    }
    this.fallback = map;
    this.entries = [];
    this.places = new Int32Array(0);
    this.words = new Int32Array(0);
    this.texts = undefined;
  }

  /**
   * Keys and values in their order, and the places that are vacant among them: what comes next stands where it would
   * have stood. `value` as for {@link NestedMap.saveOrLoad}.
   */
  saveOrLoad(state: StateStream, value: (known: V | undefined, keys: readonly unknown[]) => V): void {
    if (state.flag(this.fallback !== undefined)) {
      if (state.loading) this.fallback = new NestedMap(this.parts);
      this.fallback!.saveOrLoad(state, value);
      return;
    }
    const length = state.count(this.entries.length);
    const vacancies = state.numbers(this.vacancies);
    if (!state.loading) {
      for (let at = 0; at < length; at++) {
        const known = this.entries[at];
        if (!state.flag(known !== undefined)) continue;
        const keys = this.keysAt(at);
        for (const key of keys) state.value(key);
        value(known, keys);
      }
      return;
    }
    this.reset(length);
    for (let at = 0; at < length; at++) {
      if (!state.flag(false)) {
        this.entries[at] = undefined;
        continue;
      }
      const keys = Array.from({ length: this.parts }, () => state.value<unknown>(undefined));
      const made = value(undefined, keys);
      for (const [i, key] of keys.entries()) this.part(i, key);
      if (this.fallback !== undefined) (this.fallback as NestedMap<V>).set(keys, made);
      else if (this.key.hasObject || this.placeOf(hashOf(this.key.words, 0, this.stride)) >= 0)
        throw new UnfitState('a key stands twice');
      else this.enter(at, made);
    }
    const vacant = (entry: number): boolean =>
      entry >= 1 && entry <= length && this.entries[entry - 1] === undefined;
    if (this.fallback === undefined) this.vacancies = Array.from(vacancies).filter(vacant);
  }

  private keysAt(at: number): readonly unknown[] {
    const { words, texts, stride, parts } = this;
    const keys: unknown[] = [];
    for (let i = 0; i < parts; i++)
      keys.push(texts?.[at * parts + i] ?? unpack(words, at * stride + i * wordsPerPart));
    return keys;
  }

  /** Empties it, with room for so many. */
  private reset(length: number): void {
    let capacity = smallest;
    while (capacity < 4 * (length + 1)) capacity *= 2;
    this.places = new Int32Array(2 * capacity);
    this.mask = capacity - 1;
    this.taken = 0;
    this.words = new Int32Array((capacity >> 1) * this.stride);
    this.texts = undefined;
    this.entries = [];
    this.vacancies = [];
    this.count = 0;
    this.fallback = undefined;
  }
}

const smallest = 16;
const freed = -1;
const longestProbe = 128;
