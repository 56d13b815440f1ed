import type {
  ElementNumber,
  FilterExpression,
  Network,
  Quantity,
} from '../../src/filter/filter-expression.ts';
import type { FieldValue } from '../../src/index.ts';

/** A decoded record, by `pen:id`; null where its template lacks the element. */
export type Values = Readonly<Record<string, FieldValue | null>>;

const fieldOf = (values: Values, pen: number, id: number) => values[`${pen}:${id}`] ?? null;

function firstOf(values: Values, elements: readonly ElementNumber[]): FieldValue | null {
  for (const { pen, id } of elements) {
    const value = fieldOf(values, pen, id);
    if (value !== null) return value;
  }
  return null;
}

const iana = (values: Values, ...ids: number[]) =>
  firstOf(
    values,
    ids.map((id) => ({ pen: 0, id })),
  );

function duration(values: Values): number | null {
  const ms = iana(values, 161);
  if (ms !== null) return Number(ms);
  const us = iana(values, 162);
  if (us !== null) return Number(us) / 1000;
  for (const [start, end] of [
    [152, 153],
    [156, 157],
    [154, 155],
    [150, 151],
    [22, 21],
  ]) {
    const [from, to] = [iana(values, start), iana(values, end)];
    if (from !== null && to !== null) return Number(to) - Number(from);
  }
  return null;
}

function quantity(values: Values, wanted: Quantity): number | bigint | null {
  const divide = (factor: number, a: FieldValue | number | null, b: FieldValue | number | null) =>
    a === null || b === null ? null : Number(b) > 0 ? (factor * Number(a)) / Number(b) : 0;
  switch (wanted.kind) {
    case 'element': {
      const value = firstOf(values, wanted.elements);
      if (typeof value === 'boolean') return value ? 1 : 0;
      if (typeof value === 'string' && /^(..:){5}..$/.test(value))
        return Number(`0x${value.replaceAll(':', '')}`);
      return typeof value === 'number' || typeof value === 'bigint' ? value : null;
    }
    case 'icmp': {
      const own = wanted.octet === 'type' ? iana(values, 176, 178) : iana(values, 177, 179);
      if (own !== null) return Number(own);
      const both = iana(values, 32, 139);
      return both === null
        ? null
        : wanted.octet === 'type'
          ? Math.floor(Number(both) / 256)
          : Number(both) % 256;
    }
    case 'duration':
      return duration(values);
    case 'rate':
      return wanted.of === 'bits'
        ? divide(8000, iana(values, 1, 85), duration(values))
        : divide(1000, iana(values, 2, 86), duration(values));
    case 'octets-per-packet':
      return divide(1, iana(values, 1, 85), iana(values, 2, 86));
    default:
      return wanted satisfies never;
  }
}

/** All bits of an address, as `0` and `1`. */
function bits(address: string): string {
  if (!address.includes(':')) {
    return address
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('');
  }
  const [head, tail] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const missing = tail === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

function inNetwork(address: FieldValue | null, network: Network): boolean {
  if (typeof address !== 'string') return false;
  if (address.includes(':') !== (network.version === 6)) return false;
  const wanted =
    network.version === 4
      ? network.address.toString(2).padStart(32, '0')
      : network.groups.map((group) => group.toString(2).padStart(16, '0')).join('');
  return bits(address).startsWith(wanted.slice(0, network.prefixLength));
}

/** What a filter says of one record, as plainly as it can be written: the oracle of the compiled filter. */
export function interpretFilter(expression: FilterExpression, values: Values): boolean {
  switch (expression.kind) {
    case 'any':
      return true;
    case 'not':
      return !interpretFilter(expression.operand, values);
    case 'and':
      return expression.operands.every((operand) => interpretFilter(operand, values));
    case 'or':
      return expression.operands.some((operand) => interpretFilter(operand, values));
    case 'compare': {
      const value = quantity(values, expression.quantity);
      if (value === null) return false;
      const { operator } = expression;
      const [bound] = expression.values;
      switch (operator) {
        case '=':
          return expression.values.includes(value);
        case '!=':
          return !expression.values.includes(value);
        case '<':
          return value < bound;
        case '<=':
          return value <= bound;
        case '>':
          return value > bound;
        case '>=':
          return value >= bound;
        default:
          return operator satisfies never;
      }
    }
    case 'address':
      return expression.elements.some(({ pen, id }) =>
        expression.networks.some((network) => inNetwork(fieldOf(values, pen, id), network)),
      );
    case 'flags': {
      const flags = iana(values, 6);
      return flags !== null && (Number(flags) & expression.mask) === expression.mask;
    }
    case 'ip-version': {
      const version = iana(values, 60);
      if (version !== null) return version === expression.version;
      return iana(values, ...(expression.version === 4 ? [8, 12] : [27, 28])) !== null;
    }
    case 'text': {
      const found = firstOf(values, expression.elements);
      if (found === null) return false;
      const text = found instanceof Uint8Array ? Buffer.from(found).toString('hex') : String(found);
      if (expression.operator === 'contains') return expression.values.some((value) => text.includes(value));
      return expression.values.includes(text) === (expression.operator === '=');
    }
    default:
      return expression satisfies never;
  }
}
