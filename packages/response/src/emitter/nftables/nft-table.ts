import type { PortRange } from '@flowpact/event';
import { ResponseError } from '../../response-error.ts';
import { normalRule } from '../../rule/normal-rule.ts';
import type { Rule, RuleAction, TrafficMatch } from '../../rule/rule.ts';
import type { NftDocument, NftElement, NftStatement, NftValue } from './nft-json.ts';
import { nftSetName } from './nft-script.ts';

/** A rule as it is found in the kernel. */
export interface NftRule {
  /** Name of its set. */
  readonly set: string;
  /** Of the statements that look into the set; one, unless somebody has been here. */
  readonly handles: readonly number[];
  /** What it says; undefined where that is not what its name stands for. */
  readonly rule: Rule | undefined;
  /** How long it still lives, seconds; undefined: its time is over. */
  readonly expiresSeconds: number | undefined;
  /** What it has met so far. */
  readonly packets: number;
  readonly octets: number;
}

/** What is in the table, of what `nft -j -nn list table` says. */
export function readNftTable(json: string): readonly NftRule[] {
  const objects = (JSON.parse(json) as NftDocument).nftables;
  const statements = new Map<string, NonNullable<(typeof objects)[number]['rule']>[]>();
  for (const { rule } of objects) {
    const set = rule?.expr.map(({ match }) => match?.right).find((right) => String(right).startsWith('@r'));
    if (rule === undefined || typeof set !== 'string') continue;
    const name = set.slice(1);
    statements.set(name, [...(statements.get(name) ?? []), rule]);
  }
  return objects.flatMap(({ set }): NftRule[] => {
    if (set === undefined) return [];
    const found = statements.get(set.name) ?? [];
    const element = set.elem?.[0]?.elem;
    const counter = found[0]?.expr.find((each) => each.counter !== undefined)?.counter;
    const isWhole = found.length === 1 && element !== undefined;
    return [
      {
        set: set.name,
        handles: found.map(({ handle }) => handle),
        rule: isWhole ? ruleOf(set.name, found[0].expr, element) : undefined,
        expiresSeconds: element?.expires,
        packets: counter?.packets ?? 0,
        octets: counter?.bytes ?? 0,
      },
    ];
  });
}

/** A name is the hash of what the rule says: whatever is read as something else is none of ours. */
function ruleOf(set: string, expr: readonly NftStatement[], element: NftElement): Rule | undefined {
  try {
    const rule = normalRule({ match: matchOf(expr, element), action: actionOf(expr) });
    return nftSetName(rule) === set ? rule : undefined;
  } catch (error) {
    if (error instanceof ResponseError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const portProtocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, dccp: 33, sctp: 132 };

function matchOf(expr: readonly NftStatement[], element: NftElement): TrafficMatch {
  const found: { -readonly [Name in keyof TrafficMatch]: TrafficMatch[Name] } = {};
  for (const { match } of expr) {
    if (match === undefined) continue;
    const { left, right, op } = match;
    const [masked, mask] = left['&'] ?? [left, 0];
    const { protocol = '', field } = masked.payload ?? {};
    if (field === 'daddr') found.destination = addressOf(right, element);
    else if (field === 'saddr') found.source = addressOf(right, element);
    else if (left.meta?.key === 'l4proto') found.protocols = itemsOf(right).map(Number);
    else if (left.meta?.key === 'length') found.packetLengths = itemsOf(right).map(rangeOf);
    else if (left.exthdr?.name === 'frag' || field === 'frag-off') found.isFragment = true;
    else if (field === 'sport') found.sourcePorts = itemsOf(right).map(rangeOf);
    else if (field === 'dport') found.destinationPorts = itemsOf(right).map(rangeOf);
    else if (field === 'flags') {
      // `tcp flags & 16 == 0` is shown as `tcp flags ! 16`.
      const bits = bitsOf(op === '!' ? right : mask);
      const set = op === '!' ? 0 : bitsOf(right);
      found.tcpFlags = { set, clear: bits & ~set };
    }
    // A single protocol is shown as part of what is asked of its header.
    if (protocol in portProtocols) found.protocols ??= [portProtocols[protocol]];
  }
  return found;
}

/** `@r…` is what is in the set. */
function addressOf(right: NftValue, element: NftElement): string {
  const value = String(right).startsWith('@') ? element.val : right;
  if (typeof value === 'object' && 'prefix' in value) return `${value.prefix.addr}/${value.prefix.len}`;
  return String(value);
}

/** A set of one is shown as what is in it. */
function itemsOf(right: NftValue): readonly NftValue[] {
  return typeof right === 'object' && 'set' in right ? right.set : [right];
}

function rangeOf(item: NftValue): PortRange {
  if (typeof item !== 'object' || !('range' in item)) return { low: Number(item) };
  return { low: item.range[0], high: item.range[1] };
}

/** A number, or a list of bits. */
const bitsOf = (value: NftValue): number =>
  [value].flat().reduce((bits: number, bit) => bits | Number(bit), 0);

const octetsOf: Readonly<Record<string, number>> = { bytes: 1, kbytes: 2 ** 10, mbytes: 2 ** 20 };

function actionOf(expr: readonly NftStatement[]): RuleAction {
  const mangle = expr.find((each) => each.mangle !== undefined)?.mangle;
  if (mangle !== undefined) return { kind: 'mark', dscp: mangle.value };
  const limit = expr.find((each) => each.limit !== undefined)?.limit;
  if (limit === undefined) return { kind: 'drop' };
  return { kind: 'rateLimit', octetsPerSecond: limit.rate * octetsOf[limit.rate_unit] };
}
