import type { WindowPlan } from '../../plan/window-plan.ts';
import type { SlidingContent } from '../counts/sliding-content.ts';
import type { Expendable } from '../state-budget.ts';
import { CountedLengthWindow } from './counted-length.ts';
import { CountedTimeWindow } from './counted-time.ts';
import type { DataWindow, WindowHost } from './data-window.ts';

/** The sliding window of a statement that retains counts. */
export function createCountedWindow(
  plan: WindowPlan,
  content: SlidingContent,
  host: WindowHost,
): DataWindow & Expendable {
  switch (plan.kind) {
    case 'time':
      return new CountedTimeWindow(plan.period, content, host);
    case 'length':
      return new CountedLengthWindow(plan.size, content, host);
    default:
      throw new Error(`no window '${plan.kind}' retains counts`);
  }
}
