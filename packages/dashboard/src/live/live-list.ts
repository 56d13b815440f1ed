/**
 * The latest items of a stream, the newest first: those that are there already keep their place, so that a list on the page
 * moves as little as it must.
 */
export function withLatest<T extends { readonly id: string }>(
  shown: readonly T[],
  news: readonly T[],
  max: number,
): readonly T[] {
  if (news.length === 0) return shown;
  const ids = new Set(news.map(({ id }) => id));
  return [...news, ...shown.filter(({ id }) => !ids.has(id))].slice(0, max);
}
