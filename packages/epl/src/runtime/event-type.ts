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
  /** The property of that name. */
  property(name: string): Property | undefined;
}

/** Creates a type with its class. The properties' names must differ. */
export function createEventType(
  name: string,
  properties: readonly Property[],
  supertypes: readonly EventType[] = [],
  timestamps?: EventTimestamps,
): EventType {
  const byName = new Map(properties.map((property) => [property.name, property]));
  return {
    name,
    properties,
    supertypes,
    timestamps,
    Instance: instanceClass(properties),
    property: (wanted) => byName.get(wanted),
  };
}

/**
 * A class with fixed fields, so that property reads are monomorphic. Only JSON.stringify'd names reach the generated
 * text. `__proto__` cannot be assigned as a field, so it is defined.
 */
function instanceClass(properties: readonly Property[]): new () => object {
  const fields = properties.map(({ name }) => {
    const literal = JSON.stringify(name);
    return name === '__proto__'
      ? `Object.defineProperty(this, ${literal}, { value: null, writable: true, enumerable: true, configurable: true });`
      : `this[${literal}] = null;`;
  });
  return generate(`return class Event { constructor() { ${fields.join(' ')} } }`);
}

/** Whether two types of one name may stand for each other: equal properties in equal order. */
export function sameEventType(a: EventType, b: EventType): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.timestamps?.start === b.timestamps?.start &&
      a.timestamps?.end === b.timestamps?.end &&
      a.properties.length === b.properties.length &&
      a.properties.every((property, i) => {
        const other = b.properties[i];
        return property.name === other.name && sameType(property.type, other.type);
      }))
  );
}
