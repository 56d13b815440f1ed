import { ruleText } from '../../rule/rule-text.ts';
import type { ListedRule, ListFormat } from './list-format.ts';
import { type ListIdentity, uuidOf } from './list-identity.ts';

/**
 * One event of the MISP core format with an attribute for each rule: `ip-src` or `ip-dst`, for detection systems, the rule
 * and its end in the comment. The event keeps its identifier, and its time is that of the last change. What an emitter is
 * told says nothing of when an address was seen, so neither do the attributes (`first_seen`, `last_seen`).
 */
export function createMispList({ producer, list }: ListIdentity): ListFormat {
  return {
    objection({ match, action }) {
      if (action.kind !== 'drop') return `a MISP event can only stand for drop, not ${action.kind}`;
      const tests = Object.keys(match).join();
      if (tests === 'source' || tests === 'destination') return undefined;
      return 'an attribute of MISP says a source or a destination alone, and would hit more than the rule';
    },
    write(rules, atMs) {
      const event = {
        uuid: uuidOf('event', producer, list),
        info: `Block list ${list} of ${producer}`,
        date: new Date(atMs).toISOString().slice(0, 10),
        timestamp: secondsText(atMs),
        published: false,
        // Complete; of no threat level; for the organisation that takes it in, which may say otherwise.
        analysis: '2',
        threat_level_id: '4',
        distribution: '0',
        Orgc: { uuid: uuidOf('organisation', producer), name: producer },
        Attribute: rules.map((rule) => attributeOf(rule, producer, list)),
      };
      return `${JSON.stringify({ Event: event }, undefined, 2)}\n`;
    },
  };
}

function attributeOf({ rule, untilMs, sinceMs, renewedMs }: ListedRule, producer: string, list: string) {
  const { source, destination = '' } = rule.match;
  const text = ruleText(rule);
  return {
    uuid: uuidOf('attribute', producer, list, text, sinceMs),
    type: source === undefined ? 'ip-dst' : 'ip-src',
    category: 'Network activity',
    value: (source ?? destination).replace(/(?<=^[^:]+)\/32$|\/128$/, ''),
    to_ids: true,
    disable_correlation: false,
    distribution: '5',
    timestamp: secondsText(renewedMs),
    comment: `${text} until ${new Date(untilMs).toISOString()}`,
    deleted: false,
  };
}

const secondsText = (ms: number): string => String(Math.floor(ms / 1000));
