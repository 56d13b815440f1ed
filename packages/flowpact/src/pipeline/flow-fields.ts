import type { EventType, PropertyType } from '@flowpact/epl';
import { type FieldSelection, findElementsByName, type InformationElement } from '@flowpact/ipfix';

/** The prefix of flow fields in IPFIXcol's JSON, and so in FlowCEP's schemas. */
const prefix = 'ipfix.';

/** An event type's property that an Information Element fills. */
export interface FlowField {
  readonly property: string;
  /** Every element of that name; several enterprises may have one. The first one that a template has is taken. */
  readonly elements: readonly InformationElement[];
  readonly as: FieldSelection['as'];
}

/**
 * Which elements fill an event type: by name, with or without the prefix `ipfix.`. A property declared as string
 * gets what IPFIXcol would have printed (dotted addresses, `.AP.SF`), a number type gets the number.
 * Properties that are no element's name are left out; they stay null.
 */
export function flowFieldsOf(type: EventType): FlowField[] {
  return type.properties.flatMap(({ name, type: propertyType }) => {
    const elements = findElementsByName(name.startsWith(prefix) ? name.slice(prefix.length) : name);
    return elements.length === 0 ? [] : [{ property: name, elements, as: representation(propertyType) }];
  });
}

/** What the object reader of the decoder is to fill. */
export function fieldSelection({ property, elements, as }: FlowField): FieldSelection {
  return { name: property, elements: elements.map(({ pen, id }) => ({ pen, id })), as };
}

function representation(type: PropertyType): FieldSelection['as'] {
  switch (type) {
    case 'string':
      return 'text';
    case 'byte':
    case 'short':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    default:
      return 'native';
  }
}
