import { isIP } from 'node:net';
import type { SamplingConfig } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';

/** What the operator says about sampling. */
export interface SamplingRule {
  /** The rate of exporters that tell none. */
  readonly assumed?: number;
  /** The rate of an exporter, by its address, whatever it tells. */
  readonly byExporter: ReadonlyMap<string, number>;
}

/**
 * Reads `1000` or `192.0.2.1=1000`, each as often as wanted.
 * @throws FlowpactError `FLOWPACT_USAGE`
 */
export function parseSamplingRule(texts: readonly string[]): SamplingRule {
  let assumed: number | undefined;
  const byExporter = new Map<string, number>();
  for (const text of texts) {
    const [, address, digits] = /^(?:([0-9a-f.:]+)=)?([0-9]+(?:\.[0-9]+)?)$/i.exec(text) ?? [];
    const rate = Number(digits);
    if (!(rate >= 1) || (address !== undefined && isIP(address) === 0)) {
      throw new FlowpactError(
        'FLOWPACT_USAGE',
        `--sampling takes 1000 (for 1 of 1,000 packets) or ADDRESS=1000, at least 1, not "${text}"`,
      );
    }
    if (address === undefined) assumed = rate;
    else byExporter.set(addressKey(address), rate);
  }
  return { byExporter, ...(assumed === undefined ? {} : { assumed }) };
}

/** What the decoder of an exporter's session is told; undefined where nothing is. */
export function samplingOf(
  { assumed, byExporter }: SamplingRule,
  exporterAddress: string | undefined,
): SamplingConfig | undefined {
  const fixedRate = exporterAddress === undefined ? undefined : byExporter.get(addressKey(exporterAddress));
  if (fixedRate !== undefined) return { fixedRate };
  return assumed === undefined ? undefined : { defaultRate: assumed };
}

/** IPv6 addresses have several spellings; `URL` knows the one of RFC 5952. */
const addressKey = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname : address;
