import { personOf } from '../rails/approval-rails.ts';
import type { RailsConfig } from '../rails/rails-config.ts';
import type { Mitigation } from './mitigation.ts';

/** Whether so many different people have said yes as have to. */
export function hasEnough(
  approvals: Mitigation['approvals'],
  { approvals: wanted }: Pick<RailsConfig, 'approvals'>,
): boolean {
  return new Set(approvals.map(({ who }) => personOf(who))).size >= wanted;
}
