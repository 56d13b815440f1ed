import type { MitigationSummary, ResponseMode } from '../api/response-types.ts';

const modes: Readonly<Record<ResponseMode, string>> = {
  off: 'nothing is proposed',
  'dry-run': 'nothing is applied, only proposed',
  approve: 'nothing is applied without a person’s yes',
  auto: 'applied as the playbook lets',
};

/** What a mode means, in words. */
export const modeText = (mode: ResponseMode): string => modes[mode];

/** 4:09, 1:02:33: what is left, rounded up so that it is never 0:00 before the end. */
export function countdownText(ms: number): string {
  const left = Math.ceil(Math.max(0, ms) / 1000);
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** Who wants it, in words. */
export function originText({ kind, name = '' }: MitigationSummary['origin']): string {
  switch (kind) {
    case 'event':
      return 'found here';
    case 'request':
      return `asked for by ${name}`;
    case 'alert':
      return `told of by ${name}`;
    case 'person':
      return `wanted by ${name}`;
    default:
      return kind satisfies never;
  }
}

/** 192.0.2.1, 192.0.2.2 and 14 more. */
export function namesText(names: readonly string[], count: number, shown = 2): string {
  const few = names.slice(0, shown);
  const more = count - few.length;
  if (few.length === 0) return count === 0 ? 'nobody named' : String(count);
  return more > 0 ? `${few.join(', ')} and ${more.toLocaleString('en-US')} more` : few.join(', ');
}
