import { createHash } from 'node:crypto';
import type { Endpoint, SecurityEvent } from '@flowpact/event';

/** The same for events of the same type, sources and targets, whatever their order, ports, times and counts. */
export function aggregationKey({ type, sources, targets }: SecurityEvent): string {
  return createHash('sha256')
    .update(JSON.stringify([type, namesOf(sources), namesOf(targets)]))
    .digest('base64');
}

function namesOf(side: readonly Endpoint[] = []): readonly string[] {
  const names = side.map(({ address, prefixLength, name, asn }) =>
    JSON.stringify(address === undefined ? [name, asn] : [address, prefixLength]),
  );
  return [...new Set(names)].sort();
}
