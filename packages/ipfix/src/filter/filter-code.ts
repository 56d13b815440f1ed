import type { Template } from '../message/template.ts';
import type { FilterExpression, Integer, Network, Quantity } from './filter-expression.ts';
import { durationElements, durationPairs, icmpFields, numberFields } from './filter-fields.ts';
import { ipv4Mask } from './filter-value.ts';
import { createRecordVariables, type RecordVariables } from './record-variables.ts';

/** Values up to this many are compared one by one, which is faster than looking them up. */
const fewValues = 8;

/** The test of a record: an expression, and what it calls. */
export interface FilterCode {
  readonly variables: RecordVariables;
  /** `true` and `false` where the template alone decides. */
  readonly test: string;
  /** What `sets[…]` and `matchers[…]` in the expression are. */
  readonly sets: readonly ReadonlySet<Integer>[];
  readonly matchers: readonly Ipv6Matcher[];
}

type Ipv6Matcher = (bytes: Uint8Array, at: number) => boolean;

/** @returns the code that tests records of the template; a test of what the template lacks is `false` */
export function filterCode(expression: FilterExpression, template: Template): FilterCode {
  const variables = createRecordVariables(template);
  const sets: ReadonlySet<Integer>[] = [];
  const matchers: Ipv6Matcher[] = [];

  function isOneOf(value: string, values: readonly Integer[]): string {
    if (values.length <= fewValues) return anyOf(values.map((one) => `${value} == ${literal(one)}`));
    sets.push(new Set(values));
    return `sets[${sets.length - 1}].has(${value})`;
  }

  function address(element: { pen: number; id: number }, networks: readonly Network[]): string {
    const ipv4 = networks.filter((network) => network.version === 4);
    const ipv6 = networks.filter((network) => network.version === 6);
    const number = ipv4.length === 0 ? undefined : variables.ipv4(element);
    if (number !== undefined) {
      const byLength = groupByLength(ipv4);
      return anyOf(
        [...byLength].map(([prefixLength, group]) => {
          const mask = ipv4Mask(prefixLength);
          return isOneOf(`(${number} & ${mask})`, [
            ...new Set(group.map((network) => network.address & mask)),
          ]);
        }),
      );
    }
    const offset = ipv6.length === 0 ? undefined : variables.offset(element);
    if (offset === undefined) return 'false';
    matchers.push(ipv6Matcher(ipv6));
    return `matchers[${matchers.length - 1}](bytes, ${offset})`;
  }

  function test(node: FilterExpression): string {
    switch (node.kind) {
      case 'any':
        return 'true';
      case 'not':
        return negated(test(node.operand));
      case 'and':
        return allOf(node.operands.map(test));
      case 'or':
        return anyOf(node.operands.map(test));
      case 'compare': {
        const value = quantityCode(node.quantity, variables);
        if (value === undefined) return 'false';
        if (node.operator === '=') return isOneOf(value, node.values);
        if (node.operator === '!=') return negated(isOneOf(value, node.values));
        return `(${value} ${node.operator} ${literal(node.values[0])})`;
      }
      case 'address':
        return anyOf(node.elements.map((element) => address(element, node.networks)));
      case 'flags': {
        const flags = variables.number(numberFields.flags);
        return flags === undefined ? 'false' : `((${flags} & ${node.mask}) === ${node.mask})`;
      }
      case 'ip-version': {
        const version = variables.number(numberFields.ipVersion);
        if (version !== undefined) return `(${version} === ${node.version})`;
        const addresses = node.version === 4 ? [8, 12] : [27, 28];
        return String(addresses.some((id) => variables.has({ pen: 0, id })));
      }
      case 'text': {
        const text = variables.text(node.elements);
        if (text === undefined) return 'false';
        const values = node.values.map((value) => JSON.stringify(value));
        if (node.operator === 'contains') return anyOf(values.map((value) => `${text}.includes(${value})`));
        const isAny = anyOf(values.map((value) => `${text} === ${value}`));
        return node.operator === '=' ? isAny : negated(isAny);
      }
      default:
        return node satisfies never;
    }
  }

  return { variables, test: test(expression), sets, matchers };
}

const literal = (value: Integer) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value));

function anyOf(tests: readonly string[]): string {
  if (tests.includes('true')) return 'true';
  const open = tests.filter((test) => test !== 'false');
  return open.length === 0 ? 'false' : `(${open.join(' || ')})`;
}

function allOf(tests: readonly string[]): string {
  if (tests.includes('false')) return 'false';
  const open = tests.filter((test) => test !== 'true');
  return open.length === 0 ? 'true' : `(${open.join(' && ')})`;
}

const negated = (test: string) => (test === 'true' ? 'false' : test === 'false' ? 'true' : `!(${test})`);

/** Expression of a quantity; undefined where the template does not have it. */
function quantityCode(quantity: Quantity, variables: RecordVariables): string | undefined {
  switch (quantity.kind) {
    case 'element':
      return variables.number(quantity.elements);
    case 'icmp': {
      const own = variables.number(icmpFields[quantity.octet]);
      if (own !== undefined) return own;
      const both = variables.number(numberFields.icmpTypeCode);
      if (both === undefined) return undefined;
      return quantity.octet === 'type' ? `(${both} >> 8)` : `(${both} & 255)`;
    }
    case 'duration':
      return durationCode(variables);
    case 'rate': {
      const duration = durationCode(variables);
      const amount = variables.number(quantity.of === 'bits' ? numberFields.octets : numberFields.packets);
      if (duration === undefined || amount === undefined) return undefined;
      return `quotient(${quantity.of === 'bits' ? 8000 : 1000}, ${amount}, ${duration})`;
    }
    case 'octets-per-packet': {
      const octets = variables.number(numberFields.octets);
      const packets = variables.number(numberFields.packets);
      return octets === undefined || packets === undefined ? undefined : `quotient(1, ${octets}, ${packets})`;
    }
    default:
      return quantity satisfies never;
  }
}

function durationCode(variables: RecordVariables): string | undefined {
  for (const { id, perMs } of durationElements) {
    const duration = variables.number([{ pen: 0, id }]);
    if (duration !== undefined) return perMs === 1 ? duration : `(${duration} / ${perMs})`;
  }
  for (const [start, end] of durationPairs) {
    if (!variables.has({ pen: 0, id: start }) || !variables.has({ pen: 0, id: end })) continue;
    const [from, to] = [variables.number([{ pen: 0, id: start }]), variables.number([{ pen: 0, id: end }])];
    if (from !== undefined && to !== undefined) return `difference(${to}, ${from})`;
  }
  return undefined;
}

/** What the expressions made here call. Counters and times may be bigints where a number is not exact. */
export const filterFunctions = {
  quotient: (factor: number, dividend: Integer, divisor: Integer) =>
    Number(divisor) > 0 ? (factor * Number(dividend)) / Number(divisor) : 0,
  difference: (end: Integer, start: Integer) => Number(end) - Number(start),
};

function groupByLength<T extends { readonly prefixLength: number }>(
  networks: readonly T[],
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const network of networks) {
    const group = groups.get(network.prefixLength);
    if (group === undefined) groups.set(network.prefixLength, [network]);
    else group.push(network);
  }
  return groups;
}

/** Tests the 16 octets of an address against networks. */
function ipv6Matcher(networks: readonly Extract<Network, { version: 6 }>[]): Ipv6Matcher {
  const prefixes = networks.map(({ groups, prefixLength }) => {
    const octets = groups.flatMap((group) => [group >> 8, group & 255]);
    const whole = prefixLength >> 3;
    const mask = (0xff00 >> (prefixLength & 7)) & 0xff;
    return { octets: Uint8Array.from(octets), whole, mask, last: mask === 0 ? 0 : octets[whole] & mask };
  });
  return (bytes, at) => {
    for (const { octets, whole, mask, last } of prefixes) {
      let i = 0;
      while (i < whole && bytes[at + i] === octets[i]) i++;
      if (i === whole && (mask === 0 || (bytes[at + whole] & mask) === last)) return true;
    }
    return false;
  };
}
