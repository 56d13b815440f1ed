/** 13:07:59, UTC. */
export const clockText = (timeMs: number) => iso(timeMs).slice(11, 19);

/** 2026-01-31 13:07:59, UTC. */
export const dateText = (timeMs: number) => iso(timeMs).slice(0, 19).replace('T', ' ');

/** 4 s, 3 min, 5 h, 2 d. */
export function spanText(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

function iso(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? '0000-00-00T00:00:00' : date.toISOString();
}
