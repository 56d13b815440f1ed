import type { PortRange } from '@flowpact/event';
import { ResponseError } from '../../response-error.ts';
import { normalRule } from '../../rule/normal-rule.ts';
import type { Rule, RuleAction, TrafficMatch } from '../../rule/rule.ts';
import type { NftDocument, NftElement, NftObject, NftStatement, NftValue } from './nft-json.ts';
import { isNftKeyChain, isNftKeyMap, nftKey } from './nft-key.ts';
import { nftChain, nftSetName } from './nft-script.ts';

/** What is in the table. */
export interface NftTable {
  readonly rules: readonly NftRule[];
  /** How packets get to rules, by name. */
  readonly maps: ReadonlyMap<string, NftMap>;
  /** Chains of keys, and how many statements each has. */
  readonly chains: ReadonlyMap<string, number>;
}

export interface NftMap {
  /** Handles of the statements that look into it, at the hook. */
  readonly lookups: readonly number[];
  /** What leads to a chain, by its name. */
  readonly elements: ReadonlyMap<string, string>;
}

/** A rule as it is found in the kernel. */
export interface NftRule {
  /** Name of its set. */
  readonly set: string;
  /** What looks into the set; one, unless somebody has been here. */
  readonly statements: readonly { readonly chain: string; readonly handle: number }[];
  /** What it says; undefined where that is not what its name stands for, or where no packet gets to it. */
  readonly rule: Rule | undefined;
  /** How long it still lives, seconds; undefined: its time is over. */
  readonly expiresSeconds: number | undefined;
  /** What it has met so far. */
  readonly packets: number;
  readonly octets: number;
}

/** Of what `nft -j -nn list table` says. */
export function readNftTable(json: string): NftTable {
  const objects = (JSON.parse(json) as NftDocument).nftables;
  const maps = readMaps(objects);
  const statements = new Map<string, NonNullable<(typeof objects)[number]['rule']>[]>();
  for (const { rule } of objects) {
    const set = rule?.expr.map(({ match }) => match?.right).find((right) => String(right).startsWith('@r'));
    if (rule === undefined || typeof set !== 'string') continue;
    const name = set.slice(1);
    statements.set(name, [...(statements.get(name) ?? []), rule]);
  }
  const rules = objects.flatMap(({ set }): NftRule[] => {
    if (set === undefined) return [];
    const found = statements.get(set.name) ?? [];
    const element = set.elem?.[0]?.elem;
    const counter = found[0]?.expr.find((each) => each.counter !== undefined)?.counter;
    const isWhole = found.length === 1 && element !== undefined;
    return [
      {
        set: set.name,
        statements: found.map(({ chain, handle }) => ({ chain, handle })),
        rule: isWhole ? ruleOf(set.name, found[0], element, maps) : undefined,
        expiresSeconds: element?.expires,
        packets: counter?.packets ?? 0,
        octets: counter?.bytes ?? 0,
      },
    ];
  });
  const chains = new Map(
    objects.flatMap(({ chain }) => (chain && isNftKeyChain(chain.name) ? [[chain.name, 0]] : [])),
  );
  for (const { rule } of objects) {
    if (rule === undefined) continue;
    const count = chains.get(rule.chain);
    if (count !== undefined) chains.set(rule.chain, count + 1);
  }
  return { rules, maps, chains };
}

function readMaps(objects: NftDocument['nftables']): ReadonlyMap<string, NftMap> {
  const lookups = new Map<string, number[]>();
  for (const { rule } of objects) {
    const data =
      rule?.chain === nftChain ? rule.expr.find(({ vmap }) => vmap !== undefined)?.vmap?.data : undefined;
    if (rule === undefined || data === undefined) continue;
    const name = String(data).slice(1);
    lookups.set(name, [...(lookups.get(name) ?? []), rule.handle]);
  }
  return new Map(
    objects.flatMap(({ map }): [string, NftMap][] => {
      if (map === undefined || !isNftKeyMap(map.name)) return [];
      const elements = (map.elem ?? []).flatMap(([address, { jump }]): [string, string][] =>
        jump === undefined ? [] : [[jump.target, String(address)]],
      );
      return [[map.name, { lookups: lookups.get(map.name) ?? [], elements: new Map(elements) }]];
    }),
  );
}

/** A name is the hash of what the rule says: whatever is read as something else is none of ours. */
function ruleOf(
  set: string,
  { chain, expr }: NonNullable<NftObject['rule']>,
  element: NftElement,
  maps: ReadonlyMap<string, NftMap>,
): Rule | undefined {
  try {
    const rule = normalRule({ match: matchOf(expr, element), action: actionOf(expr) });
    const key = nftKey(rule);
    const map = maps.get(key.map);
    const isReached =
      chain === key.chain && map !== undefined && map.lookups.length > 0 && map.elements.has(chain);
    return isReached && nftSetName(rule) === set ? rule : undefined;
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
