import { type Period, TimeGrid } from '../../plan/period.ts';
import type { StateStream } from './state-stream.ts';

/** A grid that is laid when the first event comes. */
export function saveOrLoadGrid(
  state: StateStream,
  grid: TimeGrid | undefined,
  period: Period,
): TimeGrid | undefined {
  if (!state.flag(grid !== undefined)) return undefined;
  const originMs = state.number(grid?.originMs ?? 0);
  return state.loading ? new TimeGrid(originMs, period) : grid;
}
