import { asAddress } from '../model/values.ts';

/** `192.0.2.1`, `[192.0.2.1]`, `IPv6:2001:db8::1`, `[IPv6:2001:db8::1]`, a host name before or after it. */
export function reportedAddress(value: string): string | undefined {
  for (const word of value.slice(0, 300).split(/[\s,;()[\]]+/)) {
    const address = asAddress(word.replace(/^ipv6:/i, ''));
    if (address !== undefined) return address;
  }
  return undefined;
}
