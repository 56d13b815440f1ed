import { ResponseError } from '../../response-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import type { KeptRule } from '../kept-rules.ts';

/** A rule as a list has it. */
export interface ListedRule extends KeptRule {
  /** When it was handed over first, and when it got its end; milliseconds since 1970, before `untilMs`. */
  readonly sinceMs: number;
  readonly renewedMs: number;
}

/** How a list of rules is written. */
export interface ListFormat {
  /** Why it cannot say a rule: it would say less of it, and hit more than was looked at. */
  objection(rule: Rule): string | undefined;
  /** The whole file. @param atMs when it is written, milliseconds since 1970. */
  write(rules: readonly ListedRule[], atMs: number): string;
}

/** One source a line, as firewalls and proxies read it, with what it is and until when behind it. */
export const textList: ListFormat = {
  objection({ match, action }) {
    if (action.kind !== 'drop') return `a block list can only drop, not ${action.kind}`;
    if (Object.keys(match).join() === 'source') return undefined;
    return 'a block list of addresses says sources alone, and would hit more than the rule';
  },
  write: (rules) =>
    rules.map(({ rule, untilMs }) => `${rule.match.source} # until ${timeText(untilMs)}\n`).join(''),
};

export interface SuricataListConfig {
  /** The first signature id. Default 9,000,000. */
  readonly firstSid: number;
  /** How many there are; rules beyond are refused. Default 10,000. */
  readonly sids: number;
}

export const defaultSuricataList: SuricataListConfig = { firstSid: 9_000_000, sids: 10_000 };

/** Names that Suricata has for protocols; others are asked for by number. */
const suricataProtocols: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 132: 'sctp' };

/** Rules for Suricata in its inline mode, one or more for each of ours. */
export function createSuricataList(config: SuricataListConfig = defaultSuricataList): ListFormat {
  return {
    objection({ match, action }) {
      if (action.kind !== 'drop') return `Suricata can only drop, not ${action.kind}`;
      for (const name of ['tcpFlags', 'packetLengths', 'isFragment'] as const) {
        if (match[name] !== undefined)
          return `${name} is not asked of Suricata: it would see streams, not packets`;
      }
      return undefined;
    },
    write(rules) {
      const lines = rules.flatMap(({ rule, untilMs }) =>
        (rule.match.protocols ?? [undefined]).map((protocol) => ({ rule, untilMs, protocol })),
      );
      if (lines.length > config.sids) {
        throw new ResponseError(
          'RESPONSE_FULL',
          `${lines.length} signatures are wanted, of at most ${config.sids} (sids)`,
        );
      }
      return lines
        .map((line, i) => signature(line.rule, line.untilMs, line.protocol, config.firstSid + i))
        .join('');
    },
  };
}

function signature(rule: Rule, untilMs: number, protocol: number | undefined, sid: number): string {
  const { source = 'any', destination = 'any', sourcePorts, destinationPorts } = rule.match;
  const ports = (ranges: typeof sourcePorts): string =>
    ranges === undefined
      ? 'any'
      : `[${ranges.map(({ low, high }) => (high === undefined ? low : `${low}:${high}`)).join(',')}]`;
  const name = protocol === undefined ? 'ip' : (suricataProtocols[protocol] ?? 'ip');
  const number = protocol === undefined || protocol in suricataProtocols ? '' : `ip_proto:${protocol}; `;
  const message = `${ruleText(rule)} until ${timeText(untilMs)}`.replace(/[";\\]/g, (c) => `\\${c}`);
  return `drop ${name} ${source} ${ports(sourcePorts)} -> ${destination} ${ports(destinationPorts)} (msg:"${message}"; ${number}sid:${sid}; rev:1;)\n`;
}

/** Of seconds. */
const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
