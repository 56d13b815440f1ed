import { suggestion } from './filter-error.ts';
import type {
  CompareOperator,
  ElementNumber,
  FilterExpression,
  Integer,
  Quantity,
} from './filter-expression.ts';
import { addressFields, directedFields, flagBits, numberFields, protocolNumbers } from './filter-fields.ts';
import type { FilterToken } from './filter-token.ts';
import { parseInteger, parseNetmask, parseNetwork } from './filter-value.ts';
import { parseElementTest } from './parse-element-test.ts';
import { createTokenReader, type TokenReader } from './token-reader.ts';

/** Parentheses and `not` within each other. */
const deepest = 200;

/** What a direction says: both sides are looked at, and one or both must match. */
interface Direction {
  readonly sides: readonly ('src' | 'dst')[];
  readonly join: 'and' | 'or';
}

const either: Direction = { sides: ['src', 'dst'], join: 'or' };

/** What begins a test, for suggestions. */
const testWords = [
  ...[
    'any',
    'not',
    'ipv4',
    'ipv6',
    'inet',
    'inet6',
    'src',
    'dst',
    'in',
    'out',
    'if',
    'next',
    'bgpnext',
    'router',
  ],
  ...[
    'proto',
    'host',
    'ip',
    'net',
    'port',
    'portrange',
    'as',
    'vlan',
    'mask',
    'packets',
    'bytes',
    'octets',
    'flows',
  ],
  ...['bps', 'pps', 'bpp', 'duration', 'tos', 'flags', 'icmp-type', 'icmp-code', 'ie'],
  ...Object.keys(protocolNumbers),
];

/**
 * Reads a filter in the language of nfdump, with tcpdump's short forms. `and` binds closer than `or`, `not` closest.
 *
 * @throws IpfixError `IPFIX_BAD_FILTER`, with the line, the column and a caret
 */
export function parseFilter(filter: string): FilterExpression {
  const reader = createTokenReader(filter);
  if (reader.current.kind === 'end') return { kind: 'any' };
  const expression = parseOr(reader, 0);
  const rest = reader.current;
  if (rest.kind !== 'end')
    throw reader.fail(rest, `"and" or "or" is wanted here, not ${JSON.stringify(rest.text)}`);
  return expression;
}

function parseOr(reader: TokenReader, depth: number): FilterExpression {
  return parseJoined(reader, 'or', () => parseJoined(reader, 'and', () => parseNot(reader, depth)));
}

function parseJoined(
  reader: TokenReader,
  kind: 'and' | 'or',
  parse: () => FilterExpression,
): FilterExpression {
  const operands = [parse()];
  while (reader.take(kind)) operands.push(parse());
  return operands.length === 1 ? operands[0] : { kind, operands };
}

function parseNot(reader: TokenReader, depth: number): FilterExpression {
  if (depth > deepest) throw reader.fail(reader.current, `the filter is nested deeper than ${deepest}`);
  if (reader.take('not')) return { kind: 'not', operand: parseNot(reader, depth + 1) };
  if (!reader.take('(')) return parseTest(reader);
  const inner = parseOr(reader, depth + 1);
  if (!reader.take(')')) throw reader.fail(reader.current, 'a closing parenthesis is missing');
  return inner;
}

function parseTest(reader: TokenReader): FilterExpression {
  const token = reader.next();
  const word = token.kind === 'word' ? token.text.toLowerCase() : '';
  switch (word) {
    case 'any':
      return { kind: 'any' };
    case 'ipv4':
    case 'inet':
      return { kind: 'ip-version', version: 4 };
    case 'ipv6':
    case 'inet6':
      return { kind: 'ip-version', version: 6 };
    case 'src':
    case 'dst': {
      const direction = parseDirection(reader, word);
      return parseDirected(reader, reader.next(), direction);
    }
    case 'in':
    case 'out':
      if (!reader.take('if')) throw reader.fail(reader.current, `"if" is wanted after "${word}"`);
      return compareElement(reader, directedFields.if[word], 'an interface index');
    case 'if':
      return compareJoined(reader, [directedFields.if.in, directedFields.if.out], 'or', 'an interface index');
    case 'next':
    case 'bgpnext':
    case 'router':
      if (!reader.take('ip') && !reader.take('host')) {
        throw reader.fail(reader.current, `"ip" is wanted after "${word}"`);
      }
      return { kind: 'address', elements: addressFields[word], networks: parseNetworks(reader) };
    case 'proto':
      return parseProtocol(reader);
    case 'packets':
    case 'flows':
    case 'octets':
      return compareElement(reader, numberFields[word], 'a number');
    case 'bytes':
      return compareElement(reader, numberFields.octets, 'a number');
    case 'tos':
      return compareElement(reader, numberFields.tos, 'a number');
    case 'bps':
      return compare(reader, { kind: 'rate', of: 'bits' }, 'a number of bits a second');
    case 'pps':
      return compare(reader, { kind: 'rate', of: 'packets' }, 'a number of packets a second');
    case 'bpp':
      return compare(reader, { kind: 'octets-per-packet' }, 'a number of octets');
    case 'duration':
      return compare(reader, { kind: 'duration' }, 'a number of milliseconds');
    case 'flags':
      return parseFlags(reader);
    case 'icmp-type':
      return compare(reader, { kind: 'icmp', octet: 'type' }, 'a number');
    case 'icmp-code':
      return compare(reader, { kind: 'icmp', octet: 'code' }, 'a number');
    case 'ie':
      return parseElementTest(reader);
    default:
      return parseDirected(reader, token, either);
  }
}

/** After `src` or `dst`: whether `or dst`, `and dst` and the like follow. */
function parseDirection(reader: TokenReader, side: 'src' | 'dst'): Direction {
  const other = side === 'src' ? 'dst' : 'src';
  const join = reader.current.text.toLowerCase();
  const isBoth = (join === 'or' || join === 'and') && reader.following.text.toLowerCase() === other;
  if (!isBoth) return { sides: [side], join: 'or' };
  // `src port 1 and dst port 2` begins alike only where the first test has nothing behind its direction.
  reader.next();
  reader.next();
  return { sides: [side, other], join: join as 'and' | 'or' };
}

/** A test that may be of the source, of the destination, or of both. */
function parseDirected(reader: TokenReader, token: FilterToken, direction: Direction): FilterExpression {
  const { sides, join } = direction;
  const word = token.kind === 'word' ? token.text.toLowerCase() : '';
  const addresses = (read: () => ReturnType<typeof parseNetworks>): FilterExpression => {
    const networks = read();
    return joined(
      sides.map((side) => ({ kind: 'address', elements: addressFields[side], networks })),
      join,
    );
  };
  switch (word) {
    case 'ip':
    case 'host':
      if (direction === either && reader.take('proto')) return parseProtocol(reader);
      return addresses(() => parseNetworks(reader));
    case 'net':
      return addresses(() => parseNetworks(reader, true));
    case 'port':
    case 'as':
    case 'vlan':
    case 'mask': {
      const fields = directedFields[word];
      return compareJoined(
        reader,
        sides.map((side) => fields[side]),
        join,
        `a number after "${word}"`,
      );
    }
    case 'portrange': {
      const [from, to] = parsePortRange(reader);
      const inRange = (side: 'src' | 'dst'): FilterExpression => {
        const quantity = { kind: 'element', elements: directedFields.port[side] } as const;
        const bound = (operator: CompareOperator, value: Integer) =>
          ({ kind: 'compare', quantity, operator, values: [value] }) as const;
        return { kind: 'and', operands: [bound('>=', from), bound('<=', to)] };
      };
      return joined(sides.map(inRange), join);
    }
    default: {
      if (direction === either && Object.hasOwn(protocolNumbers, word))
        return protocolTest([protocolNumbers[word]]);
      const network = token.kind === 'word' ? parseNetwork(token.text) : undefined;
      if (network !== undefined) return addresses(() => [network]);
      if (token.kind === 'end') throw reader.fail(token, 'a test is missing');
      const known =
        direction === either ? testWords : ['ip', 'host', 'net', 'port', 'portrange', 'as', 'vlan', 'mask'];
      throw reader.fail(token, `${JSON.stringify(token.text)} is no test${suggestion(token.text, known)}`);
    }
  }
}

const joined = (operands: readonly FilterExpression[], kind: 'and' | 'or'): FilterExpression =>
  operands.length === 1 ? operands[0] : { kind, operands };

function parseNetworks(reader: TokenReader, maySayMask = false) {
  const networks = reader.values('an IP address or network', ({ text }) => parseNetwork(text));
  const mask = maySayMask && networks.length === 1 ? parseNetmask(reader.current.text) : undefined;
  if (mask === undefined) return networks;
  reader.next();
  return networks.map((network) => (network.version === 4 ? { ...network, prefixLength: mask } : network));
}

/** The comparison and the values of a number. */
function parseComparison(reader: TokenReader, what: string) {
  const start = reader.current;
  const operator = reader.takeOperator();
  const values = reader.values(what, ({ text }) => parseInteger(text));
  if (values.length > 1 && operator !== '=' && operator !== '!=') {
    throw reader.fail(start, 'a list can only be compared with = and !=');
  }
  return { operator, values };
}

const compare = (reader: TokenReader, quantity: Quantity, what: string): FilterExpression => ({
  kind: 'compare',
  quantity,
  ...parseComparison(reader, what),
});

const compareElement = (reader: TokenReader, elements: readonly ElementNumber[], what: string) =>
  compare(reader, { kind: 'element', elements }, what);

function compareJoined(
  reader: TokenReader,
  fields: readonly (readonly ElementNumber[])[],
  join: 'and' | 'or',
  what: string,
): FilterExpression {
  const comparison = parseComparison(reader, what);
  const tests = fields.map(
    (elements) => ({ kind: 'compare', quantity: { kind: 'element', elements }, ...comparison }) as const,
  );
  return joined(tests, join);
}

const protocolTest = (values: readonly Integer[]): FilterExpression => ({
  kind: 'compare',
  quantity: { kind: 'element', elements: numberFields.protocol },
  operator: '=',
  values,
});

function parseProtocol(reader: TokenReader): FilterExpression {
  reader.takeOperator();
  const values = reader.values('the name or number of a protocol', (token) => {
    const name = token.text.toLowerCase();
    if (Object.hasOwn(protocolNumbers, name)) return protocolNumbers[name];
    const number = parseInteger(name);
    if (number !== undefined && number <= 255) return number;
    const known = suggestion(name, Object.keys(protocolNumbers));
    throw reader.fail(
      token,
      `${JSON.stringify(token.text)} is no protocol known here: give its number${known}`,
    );
  });
  return protocolTest(values);
}

function parseFlags(reader: TokenReader): FilterExpression {
  reader.take('=');
  const token = reader.next();
  const number = parseInteger(token.text);
  const letters = [...token.text.toUpperCase()];
  const mask =
    number !== undefined && number <= 255
      ? Number(number)
      : letters.reduce((bits, letter) => bits | (flagBits[letter] ?? Number.NaN), 0);
  const isKnown =
    token.kind === 'word' && (number !== undefined ? number <= 255 : letters.every((l) => l in flagBits));
  if (!isKnown)
    throw reader.fail(token, 'TCP flags are wanted here: letters of UAPRSFECX, or a number up to 255');
  return { kind: 'flags', mask };
}

function parsePortRange(reader: TokenReader): readonly [number, number] {
  const token = reader.next();
  const [from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(token.text)?.slice(1).map(Number) ?? [];
  if (from === undefined || from > to || to > 65535)
    throw reader.fail(token, 'a range such as 1024-2047 is wanted here');
  return [from, to];
}
