/** Names longer than this are not compared: the distance costs the product of the lengths. */
const longestCompared = 64;

/**
 * The candidate that the writer of `name` most probably meant: equal but for case, else the nearest by edits
 * (a letter missing, added, changed, or two swapped), at most one edit for every three letters.
 */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor((wanted.length + 1) / 3)) + 0.5;
  for (const candidate of candidates) {
    const lower = candidate.toLowerCase();
    if (lower === wanted && candidate !== name) return candidate;
    if (candidate === name || lower.length > longestCompared || wanted.length > longestCompared) continue;
    if (Math.abs(lower.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, lower);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2] + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length];
}
