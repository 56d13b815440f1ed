import type { FilterExpression, Integer, Network, Quantity } from '@flowpact/ipfix';
import type { FlowColumnDefinition, FlowCondition } from '@flowpact/store';
import { FlowpactError } from '../flowpact-error.ts';

/** What a filter names: `pen` and number of an element. */
interface Element {
  readonly pen: number;
  readonly id: number;
}

/**
 * A filter of flow records as a condition on the archive, which lets the same flows pass: a flow passes no test of a
 * field that it does not have, and so passes the negation of that test. Nothing of the filter's text gets into the SQL
 * but numbers; texts are bound.
 * @throws FlowpactError `FLOWPACT_USAGE` for a test of what the archive does not keep.
 */
export function filterToSql(
  expression: FilterExpression,
  columns: readonly FlowColumnDefinition[],
): FlowCondition {
  const texts: string[] = [];

  const columnOf = (element: Element): FlowColumnDefinition | undefined =>
    columns.find(({ elements, enterpriseElements = [] }) =>
      element.pen === 0
        ? elements.includes(element.id)
        : enterpriseElements.some(({ pen, id }) => pen === element.pen && id === element.id),
    );

  /** The first column that one of the elements has. */
  function columnOfAny(elements: readonly Element[]): FlowColumnDefinition {
    for (const element of elements) {
      const column = columnOf(element);
      if (column !== undefined) return column;
    }
    const numbers = elements.map(({ pen, id }) => (pen === 0 ? id : `${pen}/${id}`)).join(', ');
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `the archive does not keep what this filter asks for: element ${numbers}; leave that test out`,
    );
  }

  const number = (elements: readonly Element[]): string => {
    const column = columnOfAny(elements);
    return column.type === 'dateTimeMilliseconds' ? `epoch_ms(${name(column)})` : name(column);
  };

  function quantity(node: Quantity): string {
    switch (node.kind) {
      case 'element':
        return number(node.elements);
      case 'icmp':
        return node.octet === 'type' ? '(icmpTypeCode >> 8)' : '(icmpTypeCode & 255)';
      case 'duration':
        return duration;
      case 'rate':
        return node.of === 'bits'
          ? quotient('8000 * octetDeltaCount::DOUBLE', duration)
          : quotient('1000 * packetDeltaCount::DOUBLE', duration);
      case 'octets-per-packet':
        return quotient('octetDeltaCount::DOUBLE', 'packetDeltaCount');
      default:
        return node satisfies never;
    }
  }

  function test(node: FilterExpression): string {
    switch (node.kind) {
      case 'any':
        return 'true';
      case 'not':
        return `NOT ${test(node.operand)}`;
      case 'and':
      case 'or':
        return `(${node.operands.map(test).join(node.kind === 'and' ? ' AND ' : ' OR ')})`;
      case 'compare': {
        const value = quantity(node.quantity);
        const list = `(${node.values.map(literal).join(', ')})`;
        if (node.operator === '=') return known(`${value} IN ${list}`);
        if (node.operator === '!=') return known(`${value} NOT IN ${list}`);
        return known(`${value} ${node.operator} ${literal(node.values[0])}`);
      }
      case 'address': {
        const stored = node.elements.flatMap((element) => columnOf(element) ?? []);
        if (stored.length === 0) columnOfAny(node.elements);
        return anyOf(
          stored.flatMap((column) => node.networks.flatMap((network) => inNetwork(column, network))),
        );
      }
      case 'flags':
        return known(`(tcpControlBits & ${literal(node.mask)}) = ${literal(node.mask)}`);
      case 'ip-version':
        return `(sourceIPv${node.version}Address IS NOT NULL OR destinationIPv${node.version}Address IS NOT NULL)`;
      case 'text': {
        const column = name(columnOfAny(node.elements));
        const tests = node.values.map((value) => {
          texts.push(value);
          return node.operator === 'contains' ? `contains(${column}, ?)` : `${column} = ?`;
        });
        return known(node.operator === '!=' ? `NOT ${anyOf(tests)}` : anyOf(tests));
      }
      default:
        return node satisfies never;
    }
  }

  return { sql: test(expression), texts };
}

const duration = '(epoch_ms(flowEndMilliseconds) - epoch_ms(flowStartMilliseconds))';

/** 0 where the divisor is, as the filter has it. */
const quotient = (dividend: string, divisor: string) =>
  `(CASE WHEN ${divisor} > 0 THEN ${dividend} / ${divisor} WHEN ${divisor} <= 0 THEN 0 END)`;

/** A test that is false where it has nothing to look at. */
const known = (test: string) => `coalesce(${test}, false)`;

const anyOf = (tests: readonly string[]) => (tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`);

/** Names of columns are of the archive's own definition, and quoted all the same. */
const name = (column: FlowColumnDefinition) => `"${column.name.replaceAll('"', '""')}"`;

function literal(value: Integer): string {
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
  throw new FlowpactError('FLOWPACT_USAGE', `not a number that can be compared with: ${value}`);
}

/** The tests that the address of that column is in the network; none where they are of different versions. */
function inNetwork(column: FlowColumnDefinition, network: Network): string[] {
  if (network.version === 4) {
    if (column.type !== 'ipv4Address') return [];
    const size = 2 ** (32 - network.prefixLength);
    const first = Math.floor((network.address >>> 0) / size) * size;
    return [known(`${name(column)} BETWEEN ${first} AND ${first + size - 1}`)];
  }
  if (column.type !== 'ipv6Address') return [];
  const octets = network.groups.flatMap((group) => [group >> 8, group & 0xff]);
  const bits = octets.map((_, i) => 0xff >> Math.min(8, Math.max(0, network.prefixLength - 8 * i)));
  const first = octets.map((octet, i) => octet & ~bits[i] & 0xff);
  const last = octets.map((octet, i) => octet | bits[i]);
  return [known(`${name(column)} BETWEEN ${sqlOctets(first)} AND ${sqlOctets(last)}`)];
}

const sqlOctets = (octets: readonly number[]) => `unhex('${Buffer.from(octets).toString('hex')}')`;
