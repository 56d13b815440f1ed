import type { Candidate, HitHost, Share, Totals } from '../api/response-types.ts';
import { octetsText, percentText, shortText } from '../format/number-text.ts';
import { countOf } from '../format/word-text.ts';

export const measures = ['octets', 'packets', 'flows'] as const;
export type Measure = (typeof measures)[number];

export const isMeasure = (text: string | undefined): text is Measure =>
  measures.some((measure) => measure === text);

/** 0 where there is nothing to hit. */
export const shareOf = ({ hit, all }: Share, measure: Measure): number =>
  all[measure] === 0 ? 0 : hit[measure] / all[measure];

/** 1.2 MB, 300 packets, 1 flow. */
export function amountText(totals: Totals, measure: Measure): string {
  const value = totals[measure];
  if (measure === 'octets') return octetsText(value);
  const unit = value === 1 ? measure.slice(0, -1) : measure;
  return `${shortText(value)} ${unit}`;
}

/** 62.1 %; what is small is not said to be nothing, nor what is nearly all to be all. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  if (share < 1 && share > 0.9995) return '> 99.9 %';
  return percentText(share);
}

export type Standing = 'acceptable' | 'refused' | 'unknown';

/** What is to be thought of a candidate, in words. */
export function standingOf({ collateral, refusal }: Candidate): { standing: Standing; text: string } {
  if (refusal !== undefined) return { standing: 'refused', text: refusal };
  if (collateral === undefined) {
    return { standing: 'unknown', text: 'no flows are kept that it could be tried on' };
  }
  const { verdict } = collateral;
  return { standing: verdict.isAcceptable ? 'acceptable' : 'refused', text: verdict.reason };
}

/** What it would have hit, in a sentence. */
export function pictureText({ collateral }: Candidate, measure: Measure): string {
  if (collateral === undefined) return 'What it would hit is not known.';
  const { attack, others, otherHosts } = collateral;
  const hit = `It would have hit ${shareText(shareOf(attack, measure))} of the attack’s ${measure}`;
  if (otherHosts === 0 && others.hit[measure] === 0) return `${hit}, and nobody else.`;
  const other = `${shareText(shareOf(others, measure))} (${amountText(others.hit, measure)})`;
  return `${hit}, ${other} of other traffic, and ${countOf(otherHosts, 'other host')}.`;
}

/** The hosts with their part of what the first of them has. */
export function hostBars(
  hosts: readonly HitHost[],
  measure: Measure,
): readonly (HitHost & { readonly part: number })[] {
  const most = Math.max(1, ...hosts.map((host) => host[measure]));
  return hosts
    .map((host) => ({ ...host, part: host[measure] / most }))
    .sort((a, b) => b[measure] - a[measure]);
}
