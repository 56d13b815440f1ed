import { type IpPrefix, ipPrefixText, parseIpPrefix } from '@flowpact/event';
import type { Origin } from '../mitigation/mitigation.ts';
import { allMeaningsOf, containsPrefix, prefixesMeet } from '../rule/prefix.ts';
import type { Rule } from '../rule/rule.ts';
import type { RailsConfig } from './rails-config.ts';

/** The rails about whose traffic a rule touches: they depend on nothing but the rule and who wants it. */
export interface AddressRails {
  /** @param rule a normal one. @returns the rail that stands in its way, for people. */
  refusal(rule: Rule, origin: Origin): string | undefined;
}

export function createAddressRails(
  config: Pick<RailsConfig, 'allowList' | 'minIpv4PrefixLength' | 'minIpv6PrefixLength'>,
): AddressRails {
  const allowed = config.allowList.map((text) => ({
    text,
    meanings: allMeaningsOf(parseIpPrefix(text)),
  }));

  function endRefusal(end: string, prefix: IpPrefix): string | undefined {
    for (const meaning of allMeaningsOf(prefix)) {
      const least = meaning.octets.length === 4 ? config.minIpv4PrefixLength : config.minIpv6PrefixLength;
      if (meaning.length < least) {
        return `its ${end} ${ipPrefixText(meaning)} is shorter than /${least}, the least that is allowed`;
      }
      const met = allowed.find(({ meanings }) => meanings.some((other) => prefixesMeet(other, meaning)));
      if (met !== undefined) return `its ${end} ${ipPrefixText(meaning)} meets ${met.text} of the allow list`;
    }
    return undefined;
  }

  return {
    refusal({ match }, origin) {
      const destination = match.destination === undefined ? undefined : parseIpPrefix(match.destination);
      const source = match.source === undefined ? undefined : parseIpPrefix(match.source);
      return (
        (destination && endRefusal('destination', destination)) ??
        (source && endRefusal('source', source)) ??
        spaceRefusal(destination, source, origin)
      );
    },
  };
}

/**
 * What a partner asks for may touch traffic to what it answers for, and no other; what it tells of, traffic to or from that
 * or ourselves.
 */
function spaceRefusal(
  destination: IpPrefix | undefined,
  source: IpPrefix | undefined,
  origin: Origin,
): string | undefined {
  switch (origin.kind) {
    case 'event':
    case 'person':
      return undefined;
    case 'request': {
      const { addressSpace, ownSpace } = origin;
      const isIn = (prefix: IpPrefix | undefined, space: readonly string[]) =>
        prefix !== undefined && space.some((text) => containsPrefix(parseIpPrefix(text), prefix));
      if (isIn(destination, addressSpace)) return undefined;
      if (ownSpace !== undefined) {
        const both = [...addressSpace, ...ownSpace];
        if (isIn(destination, both) || isIn(source, both)) return undefined;
        return `neither we nor ${origin.partner} answer for an end of it`;
      }
      if (destination === undefined) {
        return `${origin.partner} asks for a rule without a destination, so for everybody's traffic`;
      }
      return `${origin.partner} does not answer for ${ipPrefixText(destination)}`;
    }
    default:
      return `nobody knows who wants it: ${JSON.stringify((origin satisfies never as Origin).kind)}`;
  }
}
