/** Asks once for all who ask within a time; what fails is asked for anew. */
export function shared<T>(
  ask: () => Promise<T>,
  { maxAgeMs, now }: { readonly maxAgeMs: number; now(): number },
): () => Promise<T> {
  let latest: { readonly atMs: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const nowMs = now();
    if (latest !== undefined && nowMs - latest.atMs < maxAgeMs && nowMs >= latest.atMs) return latest.answer;
    const asked = { atMs: nowMs, answer: ask() };
    latest = asked;
    asked.answer.catch(() => {
      if (latest === asked) latest = undefined;
    });
    return asked.answer;
  };
}
