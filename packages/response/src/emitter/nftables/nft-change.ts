import type { Rule } from '../../rule/rule.ts';
import { nftKey } from './nft-key.ts';
import {
  addKeyScript,
  addLookupScript,
  addRuleScript,
  createPlaceScript,
  type NftPlace,
  nftChain,
  nftSetName,
  renewRuleScript,
} from './nft-script.ts';
import type { NftRule, NftTable } from './nft-table.ts';

/** Puts a rule in force, for so many milliseconds from now, and sweeps away those whose time is over. */
export function applyScript(place: NftPlace, table: NftTable, rule: Rule, lifetimeMs: number): string {
  const key = nftKey(rule);
  const set = nftSetName(rule);
  const there = table.rules.find((each) => each.set === set);
  // Made anew unless it is where it has to be, once.
  const isThere = there?.statements.length === 1 && there.statements[0].chain === key.chain;
  const gone = [...over(table, set), ...(there === undefined || isThere ? [] : [there])];
  return [
    createPlaceScript(place),
    removalScript(place, table, gone, key),
    addKeyScript(place, key),
    (table.maps.get(key.map)?.lookups.length ?? 0) > 0 ? '' : addLookupScript(place, key),
    isThere ? '' : addRuleScript(place, rule),
    renewRuleScript(place, rule, lifetimeMs),
  ].join('');
}

/** Takes a rule away, and those whose time is over; empty where there is nothing to do. */
export function withdrawScript(place: NftPlace, table: NftTable, rule: Rule): string {
  const set = nftSetName(rule);
  return removalScript(place, table, [
    ...over(table, set),
    ...table.rules.filter((each) => each.set === set),
  ]);
}

/** What is left of rules whose time is over, but for one. */
const over = ({ rules }: NftTable, but: string): readonly NftRule[] =>
  rules.filter(({ set, expiresSeconds }) => set !== but && expiresSeconds === undefined);

/** Removes rules, then chains without any, then maps that lead nowhere. What a rule is to come to is left. */
function removalScript(
  { table: name }: NftPlace,
  { maps, chains }: NftTable,
  gone: readonly NftRule[],
  keep: { readonly map?: string; readonly chain?: string } = {},
): string {
  const left = new Map(chains);
  const lines: string[] = [];
  for (const { chain, handle } of gone.flatMap(({ statements }) => statements)) {
    lines.push(`delete rule inet ${name} ${chain} handle ${handle}`);
    left.set(chain, (left.get(chain) ?? 0) - 1);
  }
  const empty = new Set([...chains.keys()].filter((chain) => left.get(chain) === 0 && chain !== keep.chain));
  for (const [map, { lookups, elements }] of maps) {
    const ends = [...elements].filter(([chain]) => empty.has(chain));
    for (const [, address] of ends) lines.push(`delete element inet ${name} ${map} { ${address} }`);
    if (ends.length < elements.size || map === keep.map) continue;
    for (const handle of lookups) lines.push(`delete rule inet ${name} ${nftChain} handle ${handle}`);
    lines.push(`delete map inet ${name} ${map}`);
  }
  for (const chain of empty) lines.push(`delete chain inet ${name} ${chain}`);
  for (const { set } of gone) lines.push(`delete set inet ${name} ${set}`);
  return lines.map((line) => `${line}\n`).join('');
}
