import { isOfAlert } from '../mitigation/mitigation.ts';
import type { RuleOrder } from './guarded-emitter.ts';
import { type RailsConfig, type ResponseMode, responseModes } from './rails-config.ts';

/** The mode that holds where the configuration says one and an operator another: the more careful of both. */
export function lowerMode(one: ResponseMode, other: ResponseMode): ResponseMode {
  return responseModes.indexOf(one) < responseModes.indexOf(other) ? one : other;
}

/** The rails about who lets a rule pass. @returns the one that stands in its way, for people. */
export function approvalRefusal(
  order: RuleOrder,
  mode: ResponseMode,
  config: RailsConfig,
): string | undefined {
  switch (mode) {
    case 'off':
    case 'dry-run':
      return `the mode is ${mode}: nothing is applied`;
    case 'approve':
      return approvalsRefusal(order, config.approvals);
    case 'auto':
      return order.needsApproval === false && !isOfAlert(order.origin)
        ? undefined
        : approvalsRefusal(order, config.approvals);
    default:
      return `the mode is ${JSON.stringify(mode satisfies never)}, which is none`;
  }
}

function approvalsRefusal({ approvedBy, origin }: RuleOrder, wanted: number): string | undefined {
  // `Anna` and `anna ` are one person; whoever asks from outside, and Flowpact itself, are none of ours.
  const people = new Set(approvedBy.map(personOf));
  people.delete('');
  people.delete('flowpact');
  if (origin.kind === 'request') people.delete(personOf(origin.partner));
  if (people.size >= wanted) return undefined;
  return `${people.size} of ${wanted === 1 ? 'the person' : `the ${wanted} different people`} who must approve it did`;
}

/** `Anna` and `anna ` are one person. */
export const personOf = (who: string): string => String(who).normalize('NFKC').trim().toLowerCase();
