import type { Property } from '@flowpact/event';
import type { EnumeratedCodec } from '../der/enumerated.ts';

/**
 * Properties whose name begins with this carry what has a place in a FLEX record but none in the model, or the other
 * way round. The rest of the name says which field.
 */
export const reservedPrefix = 'flex:';

/** `flowSource.version` where FLEX has no word for it: Settings.version is `none` then. */
export const foreignVersionName = `${reservedPrefix}flowSource.version`;

/**
 * What the model says for a number without a word: nothing, or the word that promises least. An unknown TLP label is
 * taken for the strictest, an unknown anonymisation for one of which nothing but "the same value stays the same" is
 * known.
 */
export const fallback = {
  eventType: 'other',
  flowType: 'other',
  flowVersion: 'none',
  severity: undefined,
  tlp: 'red',
  anonTechnique: 'permutation',
  samplingAlgorithm: 'random',
} as const;

/**
 * From a record to a message: gives a word for every enumeration, and keeps the numbers that have none here as
 * properties, e.g. `flex:settings.eventType` = 42.
 */
export class UnknownNumberCollector {
  readonly properties: Property[] = [];

  word<W extends string, F extends W | undefined>(path: string, value: W | number, fallback: F): W | F {
    if (typeof value === 'string') return value;
    this.properties.push({ name: reservedPrefix + path, value });
    return fallback;
  }
}

/**
 * From a message to a record: puts such numbers back where the model still has the fallback word, so that a message
 * of a later version passes through this one unchanged.
 */
export class UnknownNumberRestorer {
  private readonly properties: readonly Property[];
  /** Index in `properties` of the first one of each reserved name. */
  private readonly indexes = new Map<string, number>();
  private readonly used = new Set<number>();

  constructor(properties: readonly Property[] = []) {
    this.properties = properties;
    for (const [index, { name }] of properties.entries()) {
      if (name.startsWith(reservedPrefix) && !this.indexes.has(name)) this.indexes.set(name, index);
    }
  }

  value<W extends string, F extends W | undefined>(
    path: string,
    word: W | F,
    fallback: F,
    codec: EnumeratedCodec<W>,
  ): W | F | number {
    const index = this.indexes.get(reservedPrefix + path);
    if (word !== fallback || index === undefined) return word;
    const number = this.properties[index].value;
    // A number that has a word is no unknown number: somebody else's property of the same name.
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number in codec.words) return word;
    this.used.add(index);
    return number;
  }

  /** The properties that have not been put back into a field. */
  remaining(): readonly Property[] {
    return this.properties.filter((_, index) => !this.used.has(index));
  }
}
