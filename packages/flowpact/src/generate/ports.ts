import type { Random } from './random.ts';

/** The range that RFC 6335, section 6 sets aside for dynamic ports. */
export function ephemeralPort(random: Random): number {
  return random.between(49152, 65535);
}
