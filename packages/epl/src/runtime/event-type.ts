import { generate } from '../compile/generated-code.ts';
import { type PropertyType, sameType } from './property-type.ts';

export interface Property {
  readonly name: string;
  readonly type: PropertyType;
}

/** Since when and until when an event holds: its properties of type long, in milliseconds since 1970. */
export interface EventTimestamps {
  readonly start: string;
  /** The same as `start` for what happens at one point in time. */
  readonly end: string;
}

/** A type known from outside of the text: what {@link CompileOptions.eventTypes} lists. */
export interface EventTypeDefinition {
  readonly name: string;
  readonly properties: readonly Property[];
  readonly timestamps?: EventTimestamps | undefined;
}

/** A named, ordered list of properties and the class of its events. */
export interface EventType {
  readonly name: string;
  /** In declared order. Names are whole: `ipfix.sourceIPv4Address` is one property, one flat field. */
  readonly properties: readonly Property[];
  /**
   * The class of the events of this type: one own enumerable field a property, under its own name, in declared
   * order, all null; types of equal properties may share it. Fill the fields and give the object to {@link EventSender.sendInstance}.
   */
  readonly Instance: new () => object;
  /** Types whose statements also see events of this type: `inherits`, theirs included. */
  readonly supertypes: readonly EventType[];
  /** `starttimestamp` and `endtimestamp`, for the interval algebra. */
  readonly timestamps: EventTimestamps | undefined;
  /** Of a variant schema: whose events it stands for. They keep their own type. */
  readonly variants: Variants | undefined;
  /** A stream that `insert into … select *` made: whole events go into it, and nothing else. */
  readonly copied: boolean;
  /** The property of that name. */
  property(name: string): Property | undefined;
}

/** The types of a variant schema; of `*` events of any type. */
export interface Variants {
  readonly types: readonly EventType[];
  readonly any: boolean;
}

/** What a type may have beside its properties. */
export interface EventTypeTraits {
  readonly supertypes?: readonly EventType[];
  readonly timestamps?: EventTimestamps | undefined;
  readonly variants?: Variants;
  /** Its class is its own, so that its events are known as such; all other types of equal columns share one. */
  readonly ownClass?: boolean;
  readonly copied?: boolean;
}

const typeKey: unique symbol = Symbol('event type');

/** The type whose own class the event is an instance of; undefined for any other object. */
export const typeOfEvent = (event: object): EventType | undefined =>
  (event as { readonly [typeKey]?: EventType })[typeKey];

const fieldsKey: unique symbol = Symbol('fields');

/** The names of the fields of an event class, by its prototype; undefined for any other class. */
export const fieldsOfClass = (prototype: object): readonly string[] | undefined =>
  Object.hasOwn(prototype, fieldsKey)
    ? (prototype as { readonly [fieldsKey]?: readonly string[] })[fieldsKey]
    : undefined;

const hiddenKey: unique symbol = Symbol('hidden');

/** From now on events of the class may have properties that are none of its fields. */
export function allowHidden(Instance: new () => object): void {
  Object.defineProperty(Instance.prototype, hiddenKey, { value: true });
}

/** Whether events of a class, by its prototype, may have properties that are none of its fields. */
export const mayHide = (prototype: object): boolean => Object.hasOwn(prototype, hiddenKey);

/** Creates a type with its class. The properties' names must differ. */
export function createEventType(
  name: string,
  properties: readonly Property[],
  { supertypes = [], timestamps, variants, ownClass = false, copied = false }: EventTypeTraits = {},
): EventType {
  const byName = new Map(properties.map((property) => [property.name, property]));
  const type: EventType = {
    name,
    properties,
    supertypes,
    timestamps,
    variants,
    copied,
    Instance: instanceClass(properties, ownClass),
    // Of whatever type its events are, a variant of all types has every property.
    property: (wanted) =>
      byName.get(wanted) ?? (variants?.any === true ? { name: wanted, type: 'object' } : undefined),
  };
  if (ownClass) Object.defineProperty(type.Instance.prototype, typeKey, { value: type });
  return type;
}

/**
 * A class with fixed fields, so that property reads are monomorphic. Only JSON.stringify'd names reach the generated
 * text. `__proto__` cannot be assigned as a field, so it is defined.
 */
function instanceClass(properties: readonly Property[], ownClass: boolean): new () => object {
  const fields = properties.map(({ name }) => {
    const literal = JSON.stringify(name);
    return name === '__proto__'
      ? `Object.defineProperty(this, ${literal}, { value: null, writable: true, enumerable: true, configurable: true });`
      : `this[${literal}] = null;`;
  });
  const text = `return class Event { constructor() { ${fields.join(' ')} } }`;
  const Instance = generate<new () => object>(text, {}, { own: ownClass ? [true] : [] });
  if (!Object.hasOwn(Instance.prototype, fieldsKey))
    Object.defineProperty(Instance.prototype, fieldsKey, { value: properties.map(({ name }) => name) });
  return Instance;
}

/** Whether two types of one name may stand for each other: equal properties in equal order. */
export function sameEventType(a: EventType, b: EventType): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.timestamps?.start === b.timestamps?.start &&
      a.timestamps?.end === b.timestamps?.end &&
      a.variants?.any === b.variants?.any &&
      namesOf(a.variants) === namesOf(b.variants) &&
      a.properties.length === b.properties.length &&
      a.properties.every((property, i) => {
        const other = b.properties[i];
        return property.name === other.name && sameType(property.type, other.type);
      }))
  );
}

const namesOf = (variants: Variants | undefined): string =>
  (variants?.types ?? []).map(({ name }) => name).join(' ');
