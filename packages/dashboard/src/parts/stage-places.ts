/** Where a time stands between the first and the last, percent; 50 where they are the same. */
export function placeOf(timeMs: number, firstMs: number, lastMs: number): number {
  if (lastMs <= firstMs) return 50;
  return Math.min(100, Math.max(0, ((timeMs - firstMs) / (lastMs - firstMs)) * 100));
}
