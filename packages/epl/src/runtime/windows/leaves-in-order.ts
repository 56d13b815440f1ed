import type { WindowPlan } from '../../plan/plan.ts';

const fifoWindows: ReadonlySet<WindowPlan['kind']> = new Set([
  'length',
  'lastevent',
  'length_batch',
  'time_length_batch',
  'expr',
  'expr_batch',
  'time',
  'time_batch',
  'time_accum',
  'ext_timed',
  'ext_timed_batch',
  'keepall',
  'firstevent',
  'firstlength',
  'firsttime',
] as const); // prettier-ignore

/** Whether the window lets events go in the order in which they came. Without a window nothing is kept. */
export const leavesInOrder = (window: WindowPlan | undefined): boolean =>
  window !== undefined && fifoWindows.has(window.kind);
