import type { PropertyType } from '../runtime/property-type.ts';

const boxed: Readonly<Record<string, string>> = {
  boolean: 'Boolean',
  string: 'String',
  char: 'Character',
  byte: 'Byte',
  short: 'Short',
  int: 'Integer',
  long: 'Long',
  float: 'Float',
  double: 'Double',
  bigint: 'BigInteger',
  bigdecimal: 'BigDecimal',
  map: 'Map',
  object: 'Object',
};

/** What `typeof` answers: boxed names as in Esper, or the name of the event type. */
export function typeName(type: PropertyType): string | null {
  if (typeof type === 'string') return boxed[type] ?? null;
  if (type.kind === 'event') return type.type.name;
  return `${typeName(type.element)}[]`;
}
