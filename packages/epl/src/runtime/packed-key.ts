/** Whole numbers that each part of a key is packed into. */
export const wordsPerPart = 4;

/** The first byte of a part says what it is; up to this it is the length of a text, whose characters follow. */
const longestText = 15;
const kinds = { longText: 250, double: 251, integer: 252, null: 253, false: 254, true: 255 } as const;

/** Of a long text so many characters from its beginning and its end count. */
const hashedCharacters = 24;

/**
 * A list of simple values packed into whole numbers. Equal keys have equal words, and different keys different words,
 * but for long texts: of them the words hold the length and a hash. Values are equal as they are as keys of a Map.
 */
export class PackedKey {
  readonly words: Int32Array;
  readonly values: unknown[];
  /** Some part is a long text: the values have to be compared too. */
  hasLongText = false;
  /** Some part is an object or a big integer, which has no words. */
  hasObject = false;
  private readonly double = new Float64Array(1);
  private readonly bits = new Int32Array(this.double.buffer);

  /** @param parts number of values of every key, at least 1 */
  constructor(parts: number) {
    this.words = new Int32Array(parts * wordsPerPart);
    this.values = new Array(parts).fill(null);
  }

  /** Sets one part; they come one after the other, from 0. */
  set(part: number, value: unknown): void {
    if (part === 0) {
      this.hasLongText = false;
      this.hasObject = false;
    }
    this.values[part] = value;
    const at = part * wordsPerPart;
    if (typeof value === 'string') {
      if (value.length > longestText || !this.packText(at, value)) this.packLongText(at, value);
    } else if (typeof value === 'number') {
      if ((value | 0) === value) this.pack(at, kinds.integer, value, 0, 0);
      else this.packDouble(at, value);
    } else if (value === null) this.pack(at, kinds.null, 0, 0, 0);
    else if (typeof value === 'boolean') this.pack(at, value ? kinds.true : kinds.false, 0, 0, 0);
    else this.hasObject = true;
  }

  /** The part where it is a long text. */
  longText(part: number): string | undefined {
    return this.words[part * wordsPerPart] === kinds.longText ? (this.values[part] as string) : undefined;
  }

  /** A byte a character. False where one does not fit. */
  private packText(at: number, text: string): boolean {
    const { length } = text;
    let all = 0;
    let first = length;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let i = 0; i < length; i++) {
      const character = text.charCodeAt(i);
      all |= character;
      const byte = character << (((i + 1) & 3) << 3);
      if (i < 3) first |= byte;
      else if (i < 7) second |= byte;
      else if (i < 11) third |= byte;
      else fourth |= byte;
    }
    this.pack(at, first, second, third, fourth);
    return all <= 255;
  }

  private packLongText(at: number, text: string): void {
    const { length } = text;
    const end = Math.min(length, hashedCharacters);
    let head = 0;
    let tail = 0;
    for (let i = 0; i < end; i++) head = Math.imul(head ^ text.charCodeAt(i), 0x01000193);
    for (let i = Math.max(end, length - hashedCharacters); i < length; i++)
      tail = Math.imul(tail ^ text.charCodeAt(i), 0x01000193);
    this.pack(at, kinds.longText, length, head, tail);
    this.hasLongText = true;
  }

  private packDouble(at: number, value: number): void {
    const { double, bits } = this;
    double[0] = Number.isNaN(value) ? Number.NaN : value;
    this.pack(at, kinds.double, bits[0], bits[1], 0);
  }

  private pack(at: number, first: number, second: number, third: number, fourth: number): void {
    const { words } = this;
    words[at] = first;
    words[at + 1] = second;
    words[at + 2] = third;
    words[at + 3] = fourth;
  }
}

/** The value of the part that begins there; undefined for a long text. */
export function unpack(words: Int32Array, at: number): unknown {
  switch (words[at]) {
    case kinds.longText:
      return undefined;
    case kinds.integer:
      return words[at + 1];
    case kinds.double:
      return new Float64Array(words.slice(at + 1, at + 3).buffer)[0];
    case kinds.null:
      return null;
    case kinds.false:
      return false;
    case kinds.true:
      return true;
    default: {
      const length = words[at] & 255;
      const byte = (i: number) => (words[at + (i >> 2)] >>> ((i & 3) << 3)) & 255;
      return String.fromCharCode(...Array.from({ length }, (_, i) => byte(i + 1)));
    }
  }
}

/** Over so many words. */
export function hashOf(words: Int32Array, at: number, count: number): number {
  let hash = 0;
  for (let i = at; i < at + count; i++) {
    hash = Math.imul(hash ^ words[i], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
