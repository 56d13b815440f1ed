export interface BackOffConfig {
  /** Before the second attempt, milliseconds. Default 500. */
  readonly firstMs?: number;
  /** The longest, milliseconds. Default 60,000. */
  readonly mostMs?: number;
}

/**
 * How long to wait before the next attempt: twice as long each time, of which a random quarter is left out so that
 * many senders do not come back at one moment.
 *
 * @param failures attempts that have failed in a row, from 1
 * @param random 0 to less than 1
 */
export function backOffMs(
  failures: number,
  random: number,
  { firstMs = 500, mostMs = 60_000 }: BackOffConfig = {},
): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(30, failures - 1));
  return whole * (1 - random / 4);
}
