import { EventError, parseIpPrefix } from '@flowpact/event';
import { ResponseError } from '../response-error.ts';
import { type RailsConfig, responseModes } from './rails-config.ts';

/** @throws ResponseError `RESPONSE_BAD_CONFIG`, which names the field. */
export function checkRailsConfig(config: RailsConfig): void {
  const whole = (
    name: Exclude<keyof RailsConfig, 'mode' | 'allowList'>,
    least: number,
    most: number,
  ): void => {
    const value: unknown = config[name];
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return;
    throw bad(name, `${String(value)} is not a whole number from ${least} to ${most}`);
  };
  if (!responseModes.includes(config.mode)) {
    throw bad('mode', `${JSON.stringify(config.mode)} is not one of ${responseModes.join(', ')}`);
  }
  // 0 would be the default route: whatever is configured, it never passes.
  whole('minIpv4PrefixLength', 1, 32);
  whole('minIpv6PrefixLength', 1, 128);
  whole('maxLifetimeSeconds', 1, 10 * 366 * 86_400);
  whole('approvals', 1, 2);
  whole('maxInForce', 1, 1_000_000);
  whole('maxInForcePerPartner', 1, 1_000_000);
  whole('maxInForcePerTarget', 1, 1_000_000);
  whole('maxPerMinute', 1, 1_000_000);
  for (const [i, text] of config.allowList.entries()) {
    try {
      parseIpPrefix(text);
    } catch (cause) {
      if (cause instanceof EventError) throw bad(`allowList[${i}]`, cause.message, cause);
      throw cause;
    }
  }
}

function bad(field: string, what: string, cause?: unknown): ResponseError {
  return new ResponseError('RESPONSE_BAD_CONFIG', `rails: ${field}: ${what}`, { cause });
}
