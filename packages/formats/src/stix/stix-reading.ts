import type { Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { JsonReading } from '../json/json-reading.ts';
import { parseJsonText } from '../json/parse-json.ts';
import { isList, type Json, type JsonRecord } from '../model/message-json.ts';
import { asText } from '../model/values.ts';

/** Properties of every object that tell of the object, not of the event. */
const housekeeping = ['type', 'id', 'spec_version', 'created', 'modified', 'created_by_ref', 'revoked'];

/** The objects of a bundle by identifier, and which of them were looked at: the others are reported as lost. */
export class StixReading {
  /** With their paths in the document. */
  readonly #objects: ReadonlyMap<JsonRecord, string>;
  readonly #byId = new Map<string, JsonRecord>();
  readonly #visited = new Set<JsonRecord>();
  readonly #json: JsonReading;
  readonly #limits: FormatsLimits;

  /** @throws FormatsError `FORMATS_OTHER_FORMAT` for what is no bundle and no object of STIX 2. */
  static ofDocument(document: Json, limits: FormatsLimits): StixReading {
    const json = new JsonReading();
    const root = json.object(document, '');
    if (root === undefined || typeof root.type !== 'string') {
      throw new FormatsError('FORMATS_OTHER_FORMAT', 'a STIX 2.1 bundle is a JSON object with a type');
    }
    const isBundle = root.type === 'bundle';
    for (const key of housekeeping) json.value(root, key);
    const list = isBundle ? json.value(root, 'objects') : [root];
    const objects = isList(list ?? null) ? (list as readonly Json[]) : [];
    const paths = new Map(
      objects.flatMap((object, i): readonly [JsonRecord, string][] =>
        isObject(object) ? [[object, isBundle ? `objects[${i}]` : '']] : [],
      ),
    );
    return new StixReading(paths, json, limits);
  }

  /** Of these objects alone, with their paths in the document. */
  constructor(objects: ReadonlyMap<JsonRecord, string>, json: JsonReading, limits: FormatsLimits) {
    this.#objects = objects;
    this.#json = json;
    this.#limits = limits;
    for (const object of this.#objects.keys()) this.add(object.id, object);
  }

  /** The objects with their paths in the document. */
  get paths(): ReadonlyMap<JsonRecord, string> {
    return this.#objects;
  }

  /** The same document with these of its objects alone. */
  withObjects(objects: ReadonlyMap<JsonRecord, string>): StixReading {
    return new StixReading(objects, this.#json, this.#limits);
  }

  /** These of its objects without the document: nothing else of it is lost. */
  apart(objects: ReadonlyMap<JsonRecord, string>): StixReading {
    return new StixReading(objects, new JsonReading(), this.#limits);
  }

  /** The objects of a type, not yet visited. */
  ofType(type: string): readonly JsonRecord[] {
    return [...this.#objects.keys()].filter((object) => object.type === type);
  }

  /** The object that a reference leads to, visited; of one of these types where any are given. */
  find(id: Json | undefined, ...types: readonly string[]): JsonRecord | undefined {
    const found = typeof id === 'string' ? this.#byId.get(id) : undefined;
    if (found === undefined || (types.length > 0 && !types.includes(String(found.type)))) return undefined;
    return this.visit(found);
  }

  /** Those of the references that lead to an object. */
  findAll(ids: readonly string[], ...types: readonly string[]): readonly JsonRecord[] {
    return ids.map((id) => this.find(id, ...types)).filter((object) => object !== undefined);
  }

  /** Says that the object is read: what is not asked of it from now on is lost. */
  visit(object: JsonRecord): JsonRecord {
    if (!this.#visited.has(object)) {
      this.#visited.add(object);
      this.#json.object(object, this.#objects.get(object) ?? String(object.type));
      for (const key of housekeeping) this.#json.value(object, key);
    }
    return object;
  }

  /** Makes an object known that is within another, as those of observed-data were before STIX 2.1. */
  add(id: Json | undefined, object: JsonRecord): void {
    if (typeof id === 'string' && !this.#byId.has(id)) this.#byId.set(id, object);
  }

  value(object: JsonRecord, key: string): Json | undefined {
    return this.#json.value(object, key);
  }

  text(object: JsonRecord, key: string): string | undefined {
    return this.#json.field(object, key, textOf);
  }

  texts(object: JsonRecord, key: string): readonly string[] {
    return this.#json.items(object, key, textOf);
  }

  whole(object: JsonRecord, key: string, max: number): number | undefined {
    return this.#json.field(object, key, (value) => wholeOf(value, max));
  }

  field<T>(object: JsonRecord, key: string, read: (value: Json) => T | undefined): T | undefined {
    return this.#json.field(object, key, read);
  }

  /** Our extension in an object, its properties asked for one by one. */
  extension(object: JsonRecord, id: string): JsonRecord | undefined {
    const extensions = this.#json.field(object, 'extensions', (value) =>
      this.#json.object(value, `${String(object.type)}.extensions`),
    );
    if (extensions === undefined) return undefined;
    const extension = this.#json.field(extensions, id, (value) =>
      this.#json.object(value, `${String(object.type)}.extensions.${id}`),
    );
    if (extension !== undefined) this.#json.value(extension, 'extension_type');
    return extension;
  }

  /** Objects in a list; other items are reported as lost. */
  objects(object: JsonRecord, key: string): readonly JsonRecord[] {
    return this.#json.items(object, key, (value) =>
      this.#json.object(value, `${String(object.type)}.${key}`),
    );
  }

  /**
   * The items `{[nameKey]: …, json: …}` of a list in our extension: names with values as JSON text.
   * @throws FormatsError where a text is not JSON or beyond a limit
   */
  namedJson(
    extension: JsonRecord,
    key: string,
    nameKey: string,
  ): readonly { readonly name: string; readonly value: Json }[] {
    return this.objects(extension, key).flatMap((item) => {
      const name = this.text(item, nameKey);
      const text = this.text(item, 'json');
      if (name === undefined || text === undefined) return [];
      return { name, value: parseJsonText(text, this.#limits) };
    });
  }

  lose(path: string, effect: Loss['effect'], note: string): void {
    this.#json.lose(path, effect, note);
  }

  /** Leaves out of the losses what says nothing of the event by itself. */
  passOver(isPassed: (object: JsonRecord) => boolean): void {
    for (const object of this.#objects.keys()) if (isPassed(object)) this.#visited.add(object);
  }

  losses(): readonly Loss[] {
    for (const [object, path] of this.#objects) {
      if (!this.#visited.has(object)) {
        this.#json.lose(path, 'dropped', `not read: ${String(object.type).slice(0, 60)}`);
      }
    }
    return this.#json.losses();
  }
}

export function isObject(value: Json): value is JsonRecord {
  return typeof value === 'object' && value !== null && !isList(value);
}

export function textOf(value: Json): string | undefined {
  return typeof value === 'string' ? asText(value) : undefined;
}

export function wholeOf(value: Json, max: number): number | undefined {
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
  return isWhole ? Math.abs(value) : undefined;
}
