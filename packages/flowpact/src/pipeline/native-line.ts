import { findElement, type InformationElement } from '@flowpact/ipfix';
import { flagText } from './flag-text.ts';
import type { FlowField } from './flow-fields.ts';

type Line = Readonly<Record<string, unknown>>;

/**
 * Makes an event's properties of a line in `collect`'s own style, which has the elements' bare names, times in
 * ISO 8601, and every type as it is. What comes out is what the IPFIX record itself would have given.
 */
export function createNativeLineReader(fields: readonly FlowField[]): (line: Line) => Line {
  const conversions = fields.map((field) => ({
    property: field.property,
    keys: nativeKeys(field),
    convert: conversion(field.elements[0], field.as),
  }));
  return (line) => {
    const data: Record<string, unknown> = Object.create(null);
    for (const { property, keys, convert } of conversions) {
      const value = line[keys.find((key) => key in line) ?? ''];
      data[property] = value === undefined || value === null ? null : convert(value);
    }
    return data;
  };
}

/** What a line may call a field: an element known by several names is printed by its registered one. */
export function nativeKeys({ elements }: FlowField): string[] {
  return [...new Set(elements.flatMap(({ pen, id, name }) => [findElement(pen, id)?.name ?? name, name]))];
}

const tcpControlBits = 6;

function conversion(element: InformationElement, as: FlowField['as']): (value: unknown) => unknown {
  const { pen, id, dataType } = element;
  if (dataType.startsWith('dateTime')) {
    return as === 'text'
      ? (value) => String(Date.parse(String(value)))
      : (value) => Date.parse(String(value));
  }
  if (as === 'text') {
    return pen === 0 && id === tcpControlBits ? (value) => flagText(Number(value)) : (value) => String(value);
  }
  if (dataType === 'ipv4Address' && as === 'number') {
    return (value) =>
      String(value)
        .split('.')
        .reduce((sum, octet) => sum * 256 + Number(octet), 0);
  }
  // A 64-bit counter beyond 2^53-1 is decimal text, since JSON readers would round it.
  const integer = dataType.startsWith('unsigned') || dataType.startsWith('signed');
  return integer
    ? (value) => (typeof value === 'string' && /^-?[0-9]{1,20}$/.test(value) ? BigInt(value) : value)
    : (value) => value;
}
