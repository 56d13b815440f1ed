import { NestedMap } from './nested-map.ts';
import { hashOf, PackedKey, unpack, wordsPerPart } from './packed-key.ts';
import { type StateStream, UnfitState } from './snapshot/state-stream.ts';

/** Keeps something for each slot, and is told where slots get other numbers. */
export interface SlotOwner {
  /** `numbers[old]` is the new number, -1 of one that was vacant; `count` are left, in their old order. */
  renumber(numbers: Int32Array, count: number): void;
}

/**
 * Gives lists of simple values small whole numbers, their slots, from 0: open addressing over typed arrays. Keys are
 * packed into whole numbers and compared as these, so that a lookup among many keys does not read their strings, which
 * lie spread over memory. Keys that were made to collide, and keys that are objects, turn it into Maps.
 *
 * A lookup takes two steps: {@link part} for each part of the key, then {@link find}, {@link add} or {@link remove}.
 */
export class KeySlots {
  readonly key: PackedKey;
  /** Of one record. */
  readonly stride: number;
  /** A record a slot: the packed key, and behind it so many words, at first 0, for the owner. */
  words: Int32Array;
  private readonly parts: number;
  private readonly owner: SlotOwner;
  private readonly keyWords: number;
  /**
   * By the low bits of the hash, which the mask covers: slot + 1 in these bits, and the rest of the hash in the others.
   * 0 stands for a free place, the mask itself for one that was freed: there are never so many slots.
   */
  private places = new Int32Array(smallest);
  private mask = smallest - 1;
  /** Places that are not free, freed ones included. */
  private taken = 0;
  /** The parts that are long texts. Undefined while there are none. */
  private texts: (string | undefined)[] | undefined;
  /** Slots that were given, vacant ones included. */
  private end = 0;
  private vacancies: number[] = [];
  private fallback: NestedMap<number> | undefined;
  /** The keys of the slots, where it fell back. */
  private listed: (readonly unknown[] | undefined)[] = [];

  /**
   * @param parts number of values of every key, at least 1
   * @param ownWords words of the owner in each record
   */
  constructor(parts: number, ownWords: number, owner: SlotOwner) {
    this.key = new PackedKey(parts);
    this.parts = parts;
    this.owner = owner;
    this.keyWords = parts * wordsPerPart;
    this.stride = this.keyWords + ownWords;
    this.words = new Int32Array((smallest >> 1) * this.stride);
  }

  get size(): number {
    return this.end - this.vacancies.length;
  }

  /** Sets one part of the key that is looked up; they come one after the other, from 0. */
  part(i: number, value: unknown): void {
    this.key.set(i, value);
  }

  /** The slot of the key that is looked up; -1 where it is not here. */
  find(): number {
    const { key } = this;
    if (this.fallback !== undefined) return this.fallback.get(key.values) ?? -1;
    if (key.hasObject) return -1;
    const { places, mask } = this;
    const hash = hashOf(key.words, 0, this.keyWords);
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = places[i];
      if (entry === 0) return -1;
      if (((entry ^ hash) & ~mask) !== 0 || entry === mask) continue;
      const slot = (entry & mask) - 1;
      if (this.holds(slot)) return slot;
    }
  }

  /** Gives the key, which must not be here, a slot. Before that others may get new numbers. */
  add(): number {
    if (this.key.hasObject && this.fallback === undefined) this.fallBack();
    if (this.fallback === undefined && (this.taken + 1) * 2 > this.mask) this.rebuild();
    const slot = this.vacancies.pop() ?? this.end++;
    this.enter(slot);
    return slot;
  }

  /** Takes the key out, and returns the slot that it had; -1 where it is not here. */
  remove(): number {
    const slot = this.find();
    if (slot >= 0) this.release(slot);
    return slot;
  }

  /** Whether a slot has a key. */
  has(slot: number): boolean {
    return slot >= 0 && slot < this.end && this.words[slot * this.stride] !== vacant;
  }

  /** Takes out the key of a slot, if it has one. */
  release(slot: number): void {
    if (!this.has(slot)) return;
    const { words, stride, keyWords, places, mask } = this;
    if (this.fallback !== undefined) {
      this.fallback.delete(this.listed[slot]!);
      this.listed[slot] = undefined;
    } else {
      let i = hashOf(words, slot * stride, keyWords) & mask;
      while ((places[i] & mask) !== slot + 1) i = (i + 1) & mask;
      places[i] = mask;
    }
    this.vacate(slot);
  }

  /** Takes out the keys of all slots that do not pass. */
  keep(test: (slot: number) => boolean): void {
    const { stride, end } = this;
    for (let slot = 0; slot < end; slot++) {
      if (this.words[slot * stride] === vacant || test(slot)) continue;
      if (this.fallback === undefined) this.vacate(slot);
      else this.release(slot);
    }
    if (this.fallback === undefined) this.rebuild();
  }

  /** Of a slot whose place is free. */
  private vacate(slot: number): void {
    const { words, stride, texts, parts } = this;
    words[slot * stride] = vacant;
    texts?.fill(undefined, slot * parts, (slot + 1) * parts);
    this.vacancies.push(slot);
  }

  /** Makes room, and closes the gaps that freed places have left, and slots where there are many. */
  private rebuild(): void {
    if (this.vacancies.length * 4 > this.end) this.compact();
    this.places = placesFor(this.size);
    this.mask = this.places.length - 1;
    this.taken = 0;
    const { words, stride, keyWords } = this;
    let collided = false;
    for (let slot = 0; slot < this.end; slot++) {
      if (words[slot * stride] === vacant) continue;
      if (!this.place(hashOf(words, slot * stride, keyWords), slot)) collided = true;
    }
    if (collided) this.fallBack();
  }

  /** The slots that are not vacant, in their order. */
  *live(): Iterable<number> {
    for (let slot = 0; slot < this.end; slot++) if (this.words[slot * this.stride] !== vacant) yield slot;
  }

  /** The key of a slot. */
  keysAt(slot: number): readonly unknown[] {
    if (this.fallback !== undefined) return this.listed[slot]!;
    const { words, texts, stride, parts } = this;
    const keys: unknown[] = [];
    for (let i = 0; i < parts; i++)
      keys.push(texts?.[slot * parts + i] ?? unpack(words, slot * stride + i * wordsPerPart));
    return keys;
  }

  /** Whether the key of that slot is the one that is looked up. */
  private holds(slot: number): boolean {
    const { words, stride, keyWords, key, parts } = this;
    const wanted = key.words;
    for (let i = 0; i < keyWords; i++) if (words[slot * stride + i] !== wanted[i]) return false;
    if (!key.hasLongText) return true;
    for (let i = 0; i < parts; i++) {
      const text = this.texts![slot * parts + i];
      if (text !== undefined && text !== key.values[i]) return false;
    }
    return true;
  }

  /** Writes the key that is looked up into the record of a slot, and files it. */
  private enter(slot: number): void {
    const { key, parts, stride, keyWords } = this;
    const from = slot * stride;
    if (from + stride > this.words.length) this.widen(from + stride);
    const { words } = this;
    for (let i = 0; i < stride; i++) words[from + i] = i < keyWords ? key.words[i] : 0;
    if (this.fallback !== undefined) {
      // Whatever the words of an object are: not those of a vacant slot.
      words[from] = 0;
      this.list(this.fallback, slot, [...key.values]);
      return;
    }
    if (key.hasLongText) this.texts ??= new Array(slot * parts).fill(undefined);
    if (this.texts !== undefined)
      for (let i = 0; i < parts; i++) this.texts[slot * parts + i] = key.longText(i);
    if (!this.place(hashOf(key.words, 0, keyWords), slot)) this.fallBack();
  }

  private widen(least: number): void {
    let length = this.words.length * 2;
    while (length < least) length *= 2;
    const wider = new Int32Array(length);
    wider.set(this.words);
    this.words = wider;
  }

  /** Files a slot at the first place that is free; false where too many stand in its way. */
  private place(hash: number, slot: number): boolean {
    const { places, mask } = this;
    let i = hash & mask;
    for (let probes = 0; places[i] !== 0 && places[i] !== mask; probes++) {
      if (probes > longestProbe) return false;
      i = (i + 1) & mask;
    }
    if (places[i] === 0) this.taken++;
    places[i] = (hash & ~mask) | (slot + 1);
    return true;
  }

  /** Closes the gaps that vacant slots have left. */
  private compact(): void {
    const { words, texts, stride, parts, end, size } = this;
    const numbers = new Int32Array(end).fill(-1);
    const next = new Int32Array(roomFor(size) * stride);
    let to = 0;
    for (let slot = 0; slot < end; slot++) {
      if (words[slot * stride] === vacant) continue;
      for (let i = 0; i < stride; i++) next[to * stride + i] = words[slot * stride + i];
      if (texts !== undefined)
        for (let i = 0; i < parts; i++) texts[to * parts + i] = texts[slot * parts + i];
      numbers[slot] = to++;
    }
    if (texts !== undefined) texts.length = to * parts;
    this.words = next;
    this.end = to;
    this.vacancies = [];
    this.owner.renumber(numbers, to);
  }

  private fallBack(): void {
    const map = new NestedMap<number>(this.parts);
    const listed: typeof this.listed = new Array(this.end).fill(undefined);
    for (const slot of this.live()) {
      const keys = this.keysAt(slot);
      listed[slot] = keys;
      map.set(keys, slot);
    }
    this.fallback = map;
    this.listed = listed;
    this.places = new Int32Array(0);
    this.texts = undefined;
  }

  private list(fallback: NestedMap<number>, slot: number, keys: readonly unknown[]): void {
    fallback.set(keys, slot);
    this.listed[slot] = keys;
  }

  /**
   * Keys and the slots that they have, and the vacancies in their order: what comes next gets the slot that it would
   * have got. `each` saves or loads what the owner keeps for the slot.
   */
  saveOrLoad(state: StateStream, each: (slot: number, keys: readonly unknown[]) => void): void {
    const fellBack = state.flag(this.fallback !== undefined);
    const end = state.count(this.end);
    const vacancies = state.numbers(this.vacancies);
    if (!state.loading) {
      for (let slot = 0; slot < end; slot++) {
        if (!state.flag(this.words[slot * this.stride] !== vacant)) continue;
        const keys = this.keysAt(slot);
        for (const key of keys) state.value(key);
        each(slot, keys);
      }
      return;
    }
    this.reset(end, fellBack);
    for (let slot = 0; slot < end; slot++) {
      if (!state.flag(false)) continue;
      const keys = Array.from({ length: this.parts }, () => state.value<unknown>(undefined));
      for (const [i, key] of keys.entries()) this.part(i, key);
      if (this.find() >= 0) throw new UnfitState('a key stands twice');
      if (this.key.hasObject && this.fallback === undefined) throw new UnfitState('a key has no words');
      this.enter(slot);
      each(slot, keys);
    }
    this.restoreVacancies(vacancies);
  }

  /** Empties it, with room for so many, which are all vacant. */
  private reset(end: number, fellBack: boolean): void {
    this.places = placesFor(end);
    this.mask = this.places.length - 1;
    this.taken = 0;
    this.words = new Int32Array(roomFor(end) * this.stride);
    for (let slot = 0; slot < end; slot++) this.words[slot * this.stride] = vacant;
    this.texts = undefined;
    this.end = end;
    this.vacancies = [];
    this.fallback = fellBack ? new NestedMap(this.parts) : undefined;
    this.listed = [];
  }

  /** @throws UnfitState where these are not the vacant slots */
  private restoreVacancies(vacancies: ArrayLike<number>): void {
    const open = new Set<number>();
    for (let slot = 0; slot < this.end; slot++) if (this.words[slot * this.stride] === vacant) open.add(slot);
    this.vacancies = Array.from(vacancies);
    if (this.vacancies.length !== open.size || !this.vacancies.every((slot) => open.delete(slot)))
      throw new UnfitState('slots are vacant that are not');
  }
}

/** Slots that there is room for where so many are wanted. */
function roomFor(count: number): number {
  let room = smallest >> 1;
  while (room < count) room *= 2;
  return room;
}

/** At most half of the places will be taken before it is rebuilt. */
const placesFor = (count: number): Int32Array<ArrayBuffer> => new Int32Array(4 * roomFor(count + 1));

const smallest = 16;
/** In the place of the first word of a key: no key has it, since it would be a text of 255 characters. */
const vacant = -1;
const longestProbe = 128;
