import type { PortRange } from '@flowpact/event';
import { ResponseError } from '../../response-error.ts';
import { normalRule } from '../../rule/normal-rule.ts';
import type { Rule, RuleAction, TcpFlags, TrafficMatch } from '../../rule/rule.ts';

/** A route in GoBGP's table. */
export interface GobgpRoute {
  /** Whether it carries our mark and was added here, not learnt from a neighbour. */
  readonly isOurs: boolean;
  /** What it says; undefined where no rule says that. */
  readonly rule: Rule | undefined;
}

interface Path {
  readonly nlri: { readonly prefix?: string; readonly value?: readonly Component[] };
  readonly attrs: readonly Attribute[];
  readonly 'neighbor-ip'?: string;
}

interface Component {
  /** RFC 8955, section 4.2.2. */
  readonly type: number;
  readonly offset?: number;
  readonly value: { readonly prefix: string } | readonly Test[];
}

interface Test {
  /** The octet of the operator (RFC 8955, section 4.2.1). */
  readonly op: number;
  readonly value: number;
}

interface Attribute {
  /** IANA, BGP path attributes: 8 communities, 16 extended communities. */
  readonly type: number;
  readonly communities?: readonly number[];
  readonly value?: readonly ExtendedCommunity[];
}

interface ExtendedCommunity {
  readonly type: number;
  readonly subtype: number;
  readonly rate?: number;
  readonly value?: number | string;
}

/** BLACKHOLE (RFC 7999). */
const blackholeCommunity = 0xffff029a;

/** The routes of `gobgp -j global rib -a FAMILY`. @param mark the community of ours, as a number. */
export function readGobgpRib(json: string, mark: number): readonly GobgpRoute[] {
  const paths = Object.values(
    (JSON.parse(json.trim() || '{}') ?? {}) as Record<string, readonly Path[]>,
  ).flat();
  return paths.map((path) => {
    const communities = path.attrs.find(({ type }) => type === 8)?.communities ?? [];
    const isOurs = communities.includes(mark) && path['neighbor-ip'] === undefined;
    return { isOurs, rule: ruleOf(path, communities) };
  });
}

function ruleOf({ nlri, attrs }: Path, communities: readonly number[]): Rule | undefined {
  try {
    if (nlri.prefix !== undefined) {
      if (!communities.includes(blackholeCommunity)) return undefined;
      return normalRule({ match: { destination: nlri.prefix }, action: { kind: 'blackhole' } });
    }
    const extended = attrs.flatMap(({ type, value = [] }) => (type === 16 ? value : []));
    if (extended.length !== 1) return undefined;
    return normalRule({ match: matchOf(nlri.value ?? []), action: actionOf(extended[0]) });
  } catch (error) {
    if (error instanceof ResponseError) return undefined;
    throw error;
  }
}

function matchOf(components: readonly Component[]): TrafficMatch {
  const match: { -readonly [Name in keyof TrafficMatch]: TrafficMatch[Name] } = {};
  for (const { type, value, offset = 0 } of components) {
    if ('prefix' in value) {
      if (offset !== 0) throw foreign('a prefix with an offset');
      if (type === 1) match.destination = value.prefix;
      else if (type === 2) match.source = value.prefix;
      else throw foreign(`a prefix of type ${type}`);
    } else if (type === 3) match.protocols = rangesOf(value).map(({ low, high }) => single(low, high));
    else if (type === 5) match.destinationPorts = rangesOf(value);
    else if (type === 6) match.sourcePorts = rangesOf(value);
    else if (type === 9) match.tcpFlags = flagsOf(value);
    else if (type === 10) match.packetLengths = rangesOf(value);
    else if (type === 12 && value.length === 1 && value[0].value === 2 && (value[0].op & 0x02) === 0) {
      match.isFragment = true;
    } else throw foreign(`a component of type ${type}`);
  }
  return match;
}

const and = 0x40;

/** `=` alone, or `>=` with `<=` behind it. */
function rangesOf(tests: readonly Test[]): PortRange[] {
  const ranges: { low: number; high?: number }[] = [];
  let isOpen = false;
  for (const { op, value } of tests) {
    const test = op & (and | 0x07);
    const last = ranges.at(-1);
    if (isOpen && test === (and | 0x05) && last !== undefined) {
      last.high = value;
      isOpen = false;
    } else if (!isOpen && (test === 0x01 || test === 0x03)) {
      ranges.push({ low: value });
      isOpen = test === 0x03;
    } else throw foreign(`an operator ${op}`);
  }
  if (isOpen) throw foreign('a range without an end');
  return ranges;
}

function single(low: number, high = low): number {
  if (low === high) return low;
  throw foreign('a range of protocols');
}

function flagsOf(tests: readonly Test[]): TcpFlags {
  const flags = { set: 0, clear: 0 };
  for (const [i, { op, value }] of tests.entries()) {
    const test = op & (and | 0x03);
    const joined = i === 0 ? 0 : and;
    if (test === (joined | 0x01) && i === 0) flags.set = value;
    else if (test === (joined | 0x02) && flags.clear === 0) flags.clear = value;
    else throw foreign(`an operator ${op}`);
  }
  return flags;
}

/** RFC 8955, section 7. */
function actionOf({ type, subtype, rate, value }: ExtendedCommunity): RuleAction {
  if (type === 0x80 && subtype === 6 && rate !== undefined) {
    return rate === 0 ? { kind: 'drop' } : { kind: 'rateLimit', octetsPerSecond: rate };
  }
  if (type === 0x80 && subtype === 9) return { kind: 'mark', dscp: Number(value) };
  if (subtype === 8 && (type === 0x80 || type === 0x81))
    return { kind: 'redirect', routeTarget: String(value) };
  const [, high, low, number] = /^([0-9]+)\.([0-9]+):([0-9]+)$/.exec(String(value)) ?? [];
  if (type === 0x82 && subtype === 8 && high !== undefined) {
    return { kind: 'redirect', routeTarget: `${Number(high) * 0x10000 + Number(low)}:${number}` };
  }
  throw foreign(`an extended community ${type}/${subtype}`);
}

function foreign(what: string): ResponseError {
  return new ResponseError('RESPONSE_BAD_RULE', `not of a rule: ${what}`);
}
