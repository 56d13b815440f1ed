import { type Tlp, tlpLabels } from '@flowpact/event';
import type { CompletePolicy } from '../partner/default-policies.ts';
import type { RouteReason } from './route-reason.ts';

/**
 * Why the label keeps an event from a partner; undefined: it does not. After the Traffic Light Protocol 2.0 (FIRST,
 * 2022): RED is for the ears of named recipients. AMBER+STRICT stays within an organisation, AMBER within it and its
 * clients, each for those who need to know: of what we found ourselves these are the networks that it concerns; what
 * another network told us goes on to no partner as AMBER+STRICT, and as AMBER to our clients. GREEN is for the
 * community of all partners, CLEAR for everybody.
 * @param isRelayed Another network has told us.
 */
export function tlpObjection(
  tlp: Tlp,
  { disclosure, isClient }: Pick<CompletePolicy, 'disclosure' | 'isClient'>,
  because: readonly RouteReason[],
  isRelayed: boolean,
): string | undefined {
  const label = tlpText(tlp);
  if (tlpLabels.indexOf(tlp) > tlpLabels.indexOf(disclosure.maxTlp)) {
    return `${label}, and the partner may see up to ${tlpText(disclosure.maxTlp)}`;
  }
  const needsToKnow = because.some(({ kind }) => kind !== 'subscribes');
  switch (tlp) {
    case 'red':
      if (isRelayed) return `${label}: it was for us alone`;
      return because.some(({ kind }) => kind === 'named') ? undefined : `${label}: the partner was not named`;
    case 'amberStrict':
      if (isRelayed) return `${label}: it was for our organisation alone`;
      return needsToKnow ? undefined : `${label}: the partner only subscribes to the type`;
    case 'amber':
      if (isRelayed && !isClient) return `${label}: it was for us and our clients`;
      return needsToKnow ? undefined : `${label}: the partner only subscribes to the type`;
    case 'green':
    case 'clear':
      return undefined;
    default:
      return tlp satisfies never;
  }
}

const tlpTexts: Readonly<Record<Tlp, string>> = {
  clear: 'TLP:CLEAR',
  green: 'TLP:GREEN',
  amber: 'TLP:AMBER',
  amberStrict: 'TLP:AMBER+STRICT',
  red: 'TLP:RED',
};

function tlpText(tlp: Tlp): string {
  return tlpTexts[tlp];
}
