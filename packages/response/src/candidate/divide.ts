import { type IpPrefix, prefixOfOctets } from '@flowpact/event';
import type { Attack } from './attack.ts';
import type { Ends } from './narrowing.ts';
import { coverOf, joinPrefixes } from './prefix-list.ts';

export interface DivideConfig {
  /** Rules against one attack at most. */
  readonly maxRules: number;
  readonly minIpv4PrefixLength: number;
  readonly minIpv6PrefixLength: number;
  /** Whether each rule has to name whom it protects, as those that a partner asks for. */
  readonly needsTarget: boolean;
}

/** What one rule is to take. */
export interface Part {
  readonly ends: Ends;
  /** A source that one might think of and that no rule may name, to say why. */
  readonly doubted?: IpPrefix;
  /** Its source is a network that stands for hosts in it: others in there have no part. */
  readonly isWide: boolean;
}

/**
 * How many rules an attack takes, and between whom. Sources that are believed: one for each, where they are few; for
 * the networks around them, where that makes them few; else for those with most of the evidence, and one for whom they
 * attack. The others: one for each target. Networks shorter than the rails let are nobody to make a rule for.
 */
export function divide(attack: Attack, config: DivideConfig): readonly Part[] {
  const { maxRules } = config;
  const isLong = ({ octets, length }: IpPrefix) => length >= leastLength(octets.length, config);
  const targets = joinPrefixes(attack.targets).filter(isLong);
  const sources = joinPrefixes(attack.sources).filter(isLong);

  if (attack.doubt !== undefined || sources.length === 0) {
    const doubted = attack.doubt === undefined ? undefined : heaviest(attack, isLong, 1)[0];
    return few(targets, isLong, maxRules).map((target) => ({
      ends: { target },
      ...(doubted === undefined ? {} : { doubted }),
      isWide: false,
    }));
  }
  const networks = sources.length <= maxRules ? sources : networksAround(sources, config);
  const isFew = networks.length <= maxRules;
  const from = isFew ? networks : heaviest(attack, isLong, maxRules - 1);
  const to = targetsOf(attack, targets, from.length, isLong, config);
  const parts = from.flatMap((source) =>
    to
      .filter((target) => target === undefined || target.octets.length === source.octets.length)
      .map((target) => ({
        ends: target === undefined ? { source } : { source, target },
        isWide: isFew && networks !== sources,
      })),
  );
  const all = isFew ? [] : few(targets, isLong, 1).map((target) => ({ ends: { target }, isWide: false }));
  return [...parts.slice(0, maxRules - all.length), ...all];
}

/** Undefined: wherever it goes to. */
function targetsOf(
  { isBroad }: Attack,
  targets: readonly IpPrefix[],
  sources: number,
  isLong: (prefix: IpPrefix) => boolean,
  { maxRules, needsTarget }: DivideConfig,
): readonly (IpPrefix | undefined)[] {
  if (isBroad && !needsTarget) return [undefined];
  const most = Math.floor(maxRules / sources);
  const chosen = few(targets, isLong, most);
  const isAll = targets.length <= most || chosen.length === 1;
  return chosen.length > 0 && (isAll || needsTarget) ? chosen : needsTarget ? [] : [undefined];
}

/** All of them in one network where there is a small one, else each, else the first. */
function few(
  prefixes: readonly IpPrefix[],
  isLong: (prefix: IpPrefix) => boolean,
  most: number,
): readonly IpPrefix[] {
  if (prefixes.length <= 1) return prefixes;
  const cover = coverOf(prefixes);
  return cover !== undefined && isLong(cover) ? [cover] : prefixes.slice(0, most);
}

/** The smallest networks with the sources that are near each other. */
function networksAround(sources: readonly IpPrefix[], config: DivideConfig): readonly IpPrefix[] {
  const near = new Map<string, IpPrefix[]>();
  for (const source of sources) {
    const around = prefixOfOctets(source.octets, leastLength(source.octets.length, config)).octets.join('.');
    const known = near.get(around);
    if (known === undefined) near.set(around, [source]);
    else known.push(source);
  }
  return [...near.values()].map(coverOf).filter((cover) => cover !== undefined);
}

function heaviest(
  { sources, weights }: Attack,
  isLong: (prefix: IpPrefix) => boolean,
  most: number,
): readonly IpPrefix[] {
  return sources
    .map((prefix, i) => ({ prefix, weight: weights[i] }))
    .filter(({ prefix }) => isLong(prefix))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most)
    .map(({ prefix }) => prefix);
}

const leastLength = (octets: number, config: DivideConfig): number =>
  octets === 4 ? config.minIpv4PrefixLength : config.minIpv6PrefixLength;
