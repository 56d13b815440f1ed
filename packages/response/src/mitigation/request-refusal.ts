import type { Ask, Message } from '@flowpact/event';
import type { RailsConfig } from '../rails/rails-config.ts';

/** No date that anybody means is further away. */
const maxAheadMs = 366 * 86_400_000;

/** Why a request is not even looked at; undefined: it is. What it may be about is for the playbook and the rails. */
export function requestRefusal(
  { conversation }: Message,
  asks: readonly Ask[],
  { maxLifetimeSeconds }: Pick<RailsConfig, 'maxLifetimeSeconds'>,
  nowMs: number,
): string | undefined {
  if (asks.length === 0) return 'it asks for nothing';
  const { expiresMs } = conversation ?? {};
  if (expiresMs !== undefined) {
    const date = () => new Date(expiresMs).toISOString();
    if (expiresMs <= nowMs) return `it expired at ${date()}`;
    if (expiresMs > nowMs + maxAheadMs) return 'it expires in more than a year';
  }
  for (const { action, lifetimeSeconds } of asks) {
    if (lifetimeSeconds === undefined) return `${action} without a life time: say for how many seconds`;
    if (lifetimeSeconds > maxLifetimeSeconds) {
      return `${action} for ${lifetimeSeconds} s: at most ${maxLifetimeSeconds} s are possible, and may be asked for again`;
    }
  }
  return undefined;
}
