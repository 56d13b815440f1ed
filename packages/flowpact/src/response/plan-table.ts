import type { Endpoint, SecurityEvent } from '@flowpact/event';
import {
  type Candidate,
  type CollateralReport,
  type Plan,
  ruleText,
  type TrafficTotals,
} from '@flowpact/response';
import { type Column, tableLines, timeText } from '../cli/print-table.ts';

interface Numbered extends Candidate {
  readonly number: number;
  readonly isChosen: boolean;
}

const columns: readonly Column<Numbered>[] = [
  { heading: '', text: ({ number, isChosen }) => `${isChosen ? '*' : ' '}${number}` },
  { heading: 'VERDICT', text: ({ refusal }) => (refusal === undefined ? 'possible' : 'refused') },
  { heading: 'OF THE ATTACK', text: ({ collateral }) => shareText(collateral?.attack, 'packets') },
  { heading: 'OF OTHERS', text: ({ collateral }) => shareText(collateral?.others, 'octets') },
  { heading: 'HOSTS', text: ({ collateral }) => (collateral === undefined ? '?' : hostsText(collateral)) },
  { heading: 'EMITTER', text: ({ emitter }) => emitter },
  { heading: 'RULE', text: ({ rule }) => ruleText(rule) },
];

/**
 * Plans for a person: for each, a table of its candidates, the one that would be applied with an asterisk; then why
 * others are refused, and whom they would hit.
 */
export function planLines(
  event: SecurityEvent,
  plans: readonly Plan[],
  { isColoured }: { readonly isColoured: boolean },
): readonly string[] {
  const colour = (code: number, text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = [colour(1, eventText(event))];
  if (plans.length === 0)
    lines.push('  no rule: the playbook wants none, or there is no address that one could name');
  for (const [i, { candidates, chosen }] of plans.entries()) {
    if (plans.length > 1) lines.push('', `Rule ${i + 1} of ${plans.length}`);
    const numbered = candidates.map((candidate, at) => ({
      ...candidate,
      number: at + 1,
      isChosen: at === chosen && candidate.refusal === undefined,
    }));
    const collateral = candidates.find((candidate) => candidate.collateral !== undefined)?.collateral;
    if (collateral !== undefined && i === 0) lines.push(windowText(collateral));
    const [heading, ...rows] = tableLines(numbered, columns);
    lines.push(heading, ...rows.map((row, at) => colour(numbered[at].refusal === undefined ? 32 : 31, row)));
    for (const { number, refusal, collateral: report } of numbered) {
      if (refusal !== undefined) lines.push(`  ${number}: ${printable(refusal)}`);
      const hosts = report?.topOtherHosts.slice(0, 3) ?? [];
      if (hosts.length > 0)
        lines.push(
          `     most of it: ${hosts.map(({ address, octets }) => `${address} (${count(octets)} octets)`).join(', ')}`,
        );
    }
  }
  return [...lines, ''];
}

function eventText({ type, sources, targets, detector }: SecurityEvent): string {
  const rule = detector?.rule === undefined ? '' : `, found by ${detector.rule}`;
  return printable(`${type}: ${endsText(sources)} → ${endsText(targets)}${rule}`);
}

function endsText(endpoints: readonly Endpoint[] = []): string {
  const names = endpoints.map(({ address, prefixLength, name }) =>
    address === undefined
      ? (name ?? '?')
      : `${address}${prefixLength === undefined ? '' : `/${prefixLength}`}`,
  );
  if (names.length === 0) return 'somebody';
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

function windowText({ fromMs, toMs, attack, others, isPartial }: CollateralReport): string {
  const when = fromMs <= 0 ? '' : ` from ${timeText(fromMs)} to ${timeText(toMs)} UTC`;
  const flows = `${count(attack.all.flows)} flows of the attack and ${count(others.all.flows)} others`;
  return `Tried on ${flows}${when}${isPartial ? '; there were more than are looked at' : ''}`;
}

function shareText(share: CollateralReport['attack'] | undefined, measure: keyof TrafficTotals): string {
  if (share === undefined) return '?';
  const { hit, all } = share;
  const percent = all[measure] === 0 ? 0 : (100 * hit[measure]) / all[measure];
  const text =
    percent > 0 && percent < 0.1
      ? '<0.1'
      : percent < 100 && percent > 99.9
        ? '>99.9'
        : Number(percent.toFixed(1));
  return `${text} % of ${measure}, ${count(hit.flows)} flows`;
}

const hostsText = ({ otherHosts, isPartial }: CollateralReport): string =>
  `${isPartial && otherHosts > 0 ? '>=' : ''}${count(otherHosts)}`;

const count = (value: number): string => value.toLocaleString('en-US');
const printable = (text: string) => text.replace(/\p{Cc}/gu, ' ');
