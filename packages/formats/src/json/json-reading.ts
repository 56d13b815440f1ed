import type { Loss } from '../format.ts';
import { isList, type Json } from '../model/message-json.ts';

type JsonObject = { readonly [name: string]: Json };

/**
 * Reads objects and remembers which keys were asked for: what was not, is lost. Keys are told apart without regard to
 * case, as IDEA wants it.
 */
export class JsonReading {
  readonly #asked = new Map<JsonObject, { readonly path: string; readonly keys: Set<string> }>();
  readonly #losses: Loss[] = [];

  /** Begins with an object that was found at this path of the document; undefined for anything else. */
  object(value: Json | undefined, path: string): JsonObject | undefined {
    if (typeof value !== 'object' || value === null || isList(value)) return undefined;
    const object = value as JsonObject;
    if (!this.#asked.has(object)) this.#asked.set(object, { path, keys: new Set() });
    return object;
  }

  value(object: JsonObject, key: string): Json | undefined {
    const found = Object.hasOwn(object, key)
      ? key
      : Object.keys(object).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
    if (found === undefined) return undefined;
    this.#asked.get(object)?.keys.add(found);
    return object[found] ?? undefined;
  }

  /** The value where it is what `read` takes; another one is reported as lost. */
  field<T>(object: JsonObject, key: string, read: (value: Json) => T | undefined): T | undefined {
    const value = this.value(object, key);
    if (value === undefined) return undefined;
    const result = read(value);
    if (result === undefined) this.lose(this.#pathOf(object, key), 'dropped', `not read: ${shown(value)}`);
    return result;
  }

  /** The items that `read` takes, of a list or of one item without its list. */
  items<T>(object: JsonObject, key: string, read: (value: Json) => T | undefined): readonly T[] {
    const value = this.value(object, key);
    if (value === undefined) return [];
    const taken: T[] = [];
    for (const [i, item] of (isList(value) ? value : [value]).entries()) {
      const result = read(item);
      if (result === undefined)
        this.lose(`${this.#pathOf(object, key)}[${i}]`, 'dropped', `not read: ${shown(item)}`);
      else taken.push(result);
    }
    return taken;
  }

  lose(path: string, effect: Loss['effect'], note: string): void {
    this.#losses.push({ path, effect, note });
  }

  /** What was said to be lost, then every key that nobody asked for. */
  losses(): readonly Loss[] {
    for (const [object, { path, keys }] of this.#asked) {
      for (const key of Object.keys(object)) {
        if (!keys.has(key))
          this.lose(path === '' ? key : `${path}.${key}`, 'dropped', `not read: ${shown(object[key])}`);
      }
    }
    return this.#losses;
  }

  #pathOf(object: JsonObject, key: string): string {
    const path = this.#asked.get(object)?.path;
    return path ? `${path}.${key}` : key;
  }
}

function shown(value: Json): string {
  if (typeof value === 'object' && value !== null) return isList(value) ? 'a list' : 'an object';
  return JSON.stringify(value).slice(0, 60);
}
