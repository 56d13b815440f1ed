import type { PortRange } from '@flowpact/event';
import type { TrafficMatch } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import type { ListedRule, ListFormat } from './list-format.ts';
import { type ListIdentity, uuidOf } from './list-identity.ts';

/** Names of IANA's registry "Protocol Numbers", in lower case, as `network-traffic:protocols` has them. */
const protocolNames: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  58: 'ipv6-icmp',
  132: 'sctp',
};

/** An identity is the same object in all bundles. */
const definedAt = '2026-01-01T00:00:00.000Z';

/**
 * A STIX 2.1 bundle with an indicator for each rule (sections 4.7 and 9): its pattern says all that the rule asks of a
 * packet; it is valid from when the rule was handed over until it ends. A rule that comes again after its end is another
 * indicator; one that gets another end is a new version of the same.
 */
export function createStixList({ producer, list }: ListIdentity): ListFormat {
  const identity = {
    type: 'identity',
    spec_version: '2.1',
    id: `identity--${uuidOf('identity', producer)}`,
    created: definedAt,
    modified: definedAt,
    name: producer,
    identity_class: 'organization',
  };
  const indicator = ({ rule, untilMs, sinceMs, renewedMs }: ListedRule) => ({
    type: 'indicator',
    spec_version: '2.1',
    id: `indicator--${uuidOf('indicator', producer, list, ruleText(rule), sinceMs)}`,
    created_by_ref: identity.id,
    created: timeText(sinceMs),
    modified: timeText(renewedMs),
    name: ruleText(rule),
    indicator_types: ['malicious-activity'],
    pattern: patternOf(rule.match),
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: timeText(sinceMs),
    valid_until: timeText(untilMs),
  });
  return {
    objection({ match, action }) {
      if (action.kind !== 'drop') return `an indicator of STIX can only stand for drop, not ${action.kind}`;
      for (const name of ['tcpFlags', 'packetLengths', 'isFragment'] as const) {
        if (match[name] !== undefined) return `${name} is not in the pattern of an indicator`;
      }
      const unnamed = match.protocols?.find((number) => !Object.hasOwn(protocolNames, number));
      return unnamed === undefined ? undefined : `there is no name for protocol ${unnamed} in STIX`;
    },
    write(rules) {
      const id = `bundle--${uuidOf('bundle', producer, list)}`;
      const bundle = { type: 'bundle', id, objects: [identity, ...rules.map(indicator)] };
      return `${JSON.stringify(bundle, undefined, 2)}\n`;
    },
  };
}

/** STIX 2.1, section 9.4: one comparison for each test, within brackets for one observation. */
function patternOf(match: TrafficMatch): string {
  const names = match.protocols?.map((number) => `network-traffic:protocols[*] = '${protocolNames[number]}'`);
  const tests = [
    addressTest('src', match.source),
    addressTest('dst', match.destination),
    anyOf(names),
    portsTest('src', match.sourcePorts),
    portsTest('dst', match.destinationPorts),
  ];
  return `[${tests.filter((test) => test !== undefined).join(' AND ')}]`;
}

type Side = 'src' | 'dst';

function addressTest(side: Side, prefix: string | undefined): string | undefined {
  if (prefix === undefined) return undefined;
  const [address, length] = prefix.split('/');
  const isHost = length === (address.includes(':') ? '128' : '32');
  return `network-traffic:${side}_ref.value ${isHost ? `= '${address}'` : `ISSUBSET '${prefix}'`}`;
}

function portsTest(side: Side, ranges: readonly PortRange[] | undefined): string | undefined {
  const port = `network-traffic:${side}_port`;
  return anyOf(
    ranges?.map(({ low, high }) =>
      high === undefined ? `${port} = ${low}` : `(${port} >= ${low} AND ${port} <= ${high})`,
    ),
  );
}

const anyOf = (tests: readonly string[] | undefined): string | undefined =>
  tests === undefined || tests.length === 1 ? tests?.[0] : `(${tests.join(' OR ')})`;

const timeText = (ms: number): string => new Date(ms).toISOString();
