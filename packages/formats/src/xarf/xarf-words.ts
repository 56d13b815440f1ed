import { isIPv6 } from 'node:net';

export type XarfVersion = '0.1' | '0.2';

/** `Source` must be there: this address stands for none (RFC 1122, section 3.2.1.3). */
export const noAddress = '0.0.0.0';

/** `User-Agent` must be there. */
export const ownUserAgent = 'Flowpact';

/** The evidence that is the first group of flows. */
export const flowsFile = 'flows.csv';

/** The evidence of an event that has none, where the schema demands some. */
export const summaryFile = 'summary.txt';

export function addressType(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** Of our additional data: JSON text in a block scalar. */
export const additionsKey = 'Flowpact';
