import type { Store } from '@flowpact/store';
import type { Finding } from './detection-messages.ts';

/** Writes a finding down; resolves when it is on the disk. @throws StoreError */
export async function keepFinding(
  store: Pick<Store, 'addEvents' | 'addDetections'> | undefined,
  finding: Finding,
): Promise<void> {
  switch (finding.kind) {
    case 'event':
      await store?.addEvents([{ timeMs: Date.now(), event: finding.event }]);
      return;
    case 'rows': {
      const { module, statement, timeMs, lines } = finding;
      await store?.addDetections(lines.map((line) => ({ timeMs, module, statement, row: JSON.parse(line) })));
      return;
    }
    default:
      finding satisfies never;
  }
}
