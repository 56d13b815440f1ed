import type { Emitter } from '../emitter/emitter.ts';
import type { Candidate } from '../mitigation/mitigation.ts';
import { normalRule } from '../rule/normal-rule.ts';
import type { Rule, RuleAction, TrafficMatch } from '../rule/rule.ts';
import { ruleText } from '../rule/rule-text.ts';
import type { Attack } from './attack.ts';
import type { Part } from './divide.ts';
import { blackholeMatch, matchesAgainst } from './narrowing.ts';

export interface CandidatesDeps {
  /** Those that may be used, the preferred first. */
  readonly emitters: readonly Pick<Emitter, 'name' | 'objection'>[];
  /** Why a rule may never be applied, whatever it would hit. */
  refusal(rule: Rule): string | undefined;
}

/**
 * The rules that might be applied against a part of an attack, the narrowest first, and for each match the actions in their
 * order; a blackhole last, and only where it is among the actions. Of the emitters, each has the first that can say it.
 * @param maxCandidates of those without a blackhole.
 */
export function createCandidates(
  attack: Attack,
  { ends, doubted }: Part,
  actions: readonly RuleAction[],
  maxCandidates: number,
  { emitters, refusal }: CandidatesDeps,
): readonly Candidate[] {
  const matches: TrafficMatch[] = [
    ...(doubted === undefined ? [] : matchesAgainst(attack, { ...ends, source: doubted })),
    ...matchesAgainst(attack, ends),
  ];
  const rules = new Map<string, Rule>();
  const add = (match: TrafficMatch, action: RuleAction) => {
    const rule = normalRule({ match, action });
    rules.set(ruleText(rule), rule);
  };
  for (const match of matches) {
    for (const action of actions)
      if (action.kind !== 'blackhole' && rules.size < maxCandidates) add(match, action);
  }
  const everything = blackholeMatch(ends);
  if (everything !== undefined && actions.some(({ kind }) => kind === 'blackhole')) {
    add(everything, { kind: 'blackhole' });
  }
  return [...rules.values()].flatMap((rule) => {
    const able = emitters.find((emitter) => emitter.objection(rule) === undefined);
    const emitter = able ?? emitters.at(0);
    if (emitter === undefined) return [];
    const against =
      refusal(rule) ??
      (rule.match.source === undefined ? undefined : attack.doubt) ??
      (able === undefined ? `${emitter.name}: ${emitter.objection(rule)}` : undefined);
    return [{ rule, emitter: emitter.name, ...(against === undefined ? {} : { refusal: against }) }];
  });
}
