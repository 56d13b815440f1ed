import type { CompiledStatement } from '../../compile-module.ts';
import type { EventType } from '../event-type.ts';
import { type PropertyType, printType } from '../property-type.ts';

/**
 * Tells whether two statements may hold the same state: a digest of what the statement means, the plan, with the
 * properties of all event types in it. Names, comments, layout and other statements do not matter.
 */
export function fingerprintOf({ name, plan, eventType }: CompiledStatement): string {
  const described = new Set<EventType>();
  const text = JSON.stringify([plan, eventType], (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (value instanceof Map || value instanceof Set) return [...value];
    if (value instanceof RegExp) return String(value);
    if (typeof value === 'object' && value !== null && 'Instance' in value)
      return describe(value as EventType, name, described);
    // Where its first value matters it stands in the plan by itself.
    if (isVariable(value)) return { ...value, initial: undefined };
    return value;
  });
  return digest(text, 0x9e3779b9) + digest(text, 0x85ebca6b);
}

const isVariable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'variable';

/**
 * The first time with its properties; types may contain each other. The type of the rows has the name of its statement,
 * which may be but a number.
 */
function describe(type: EventType, statement: string, described: Set<EventType>): unknown {
  const name = type.name === statement ? '' : type.name;
  if (described.has(type)) return name;
  described.add(type);
  const { properties, supertypes, timestamps, variants } = type;
  return {
    name,
    properties: properties.map((property) => [property.name, printType(property.type)]),
    nested: properties.flatMap((property) => nestedTypes(property.type)),
    supertypes,
    timestamps,
    variants: variants && { any: variants.any, types: variants.types },
  };
}

function nestedTypes(type: PropertyType): readonly EventType[] {
  if (typeof type === 'string') return [];
  return type.kind === 'array' ? nestedTypes(type.element) : [type.type];
}

/** A hash of 64 bits, in hexadecimal digits: two lanes of multiplication and exclusive or. */
function digest(text: string, seed: number): string {
  let [a, b] = [seed ^ 0xdeadbeef, seed ^ 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    a = Math.imul(a ^ character, 0x9e3779b1);
    b = Math.imul(b ^ character, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
