import type { RuleAction } from '@flowpact/response';
import { FlowpactError } from '../flowpact-error.ts';

/**
 * `drop`, `blackhole`, `rate-limit=125000` (octets a second), `redirect=65000:100`, `mark=46`.
 * @throws FlowpactError `FLOWPACT_USAGE`.
 */
export function parseRuleAction(text: string): RuleAction {
  const [, kind, value] = /^([a-z-]+)(?:=(.+))?$/.exec(text) ?? [];
  const number = value !== undefined && /^(0|[1-9][0-9]{0,14})$/.test(value) ? Number(value) : undefined;
  if ((kind === 'drop' || kind === 'blackhole') && value === undefined) return { kind };
  if (kind === 'rate-limit' && number !== undefined) return { kind: 'rateLimit', octetsPerSecond: number };
  if (kind === 'redirect' && value !== undefined) return { kind: 'redirect', routeTarget: value };
  if (kind === 'mark' && number !== undefined && number <= 63) return { kind: 'mark', dscp: number };
  throw new FlowpactError(
    'FLOWPACT_USAGE',
    `"${text}" is nothing that a rule does; there are: drop, rate-limit=125000 (octets a second), redirect=65000:100, mark=46, blackhole`,
  );
}
