import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { textSchema } from './text.ts';

/** An IPv4 or IPv6 address as text, without scope. */
export const addressSchema = z
  .string()
  .refine((text) => isIP(text) !== 0 && !text.includes('%'), 'not an IPv4 or IPv6 address');

/** One port (`high` left out) or a range, both ends included, 0..65535. */
export const portRangeSchema = z
  .object({ low: z.int().min(0).max(65535), high: z.int().min(0).max(65535).optional() })
  .refine(({ low, high }) => high === undefined || high >= low, 'high is below low')
  .readonly();
export type PortRange = z.infer<typeof portRangeSchema>;

/** One side of what happened: a host, a network, a service, a name, an AS, or a mixture of these. */
export const endpointSchema = z
  .object({
    /** An IPv4 or IPv6 address; of a network, its first one. */
    address: addressSchema.optional(),
    /** Prefix length, at most 32 where the address is IPv4; left out: a single host. */
    prefixLength: z.int().min(0).max(128).optional(),
    /** IANA protocol number, 0..255. */
    protocol: z.int().min(0).max(255).optional(),
    /** Ports of the protocol. */
    ports: z.array(portRangeSchema).readonly().optional(),
    /** Host or domain name. */
    name: textSchema.optional(),
    /** Autonomous system number. */
    asn: z.int().min(0).max(0xffffffff).optional(),
    /** E.g. `c2`, `bot`, `reflector`. */
    role: textSchema.optional(),
    /** Whether the address is believed to be forged. */
    spoofed: z.boolean().optional(),
  })
  .refine(({ address, prefixLength = 0 }) => prefixLength <= 32 || address === undefined || isIPv6(address), {
    path: ['prefixLength'],
    error: 'longer than an IPv4 address',
  })
  .readonly();
export type Endpoint = z.infer<typeof endpointSchema>;
