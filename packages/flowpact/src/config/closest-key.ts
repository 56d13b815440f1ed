/** Share of letter pairs that two words must have in common to be taken for each other. */
const leastLikeness = 0.3;

/** The key that was most probably meant, by the pairs of letters that both have (Dice's coefficient). */
export function closestKey(word: string, keys: readonly string[]): string | undefined {
  const wanted = letterPairs(word);
  const likeness = (key: string) => {
    const pairs = letterPairs(key);
    const common = [...pairs].filter((pair) => wanted.has(pair)).length;
    return (2 * common) / Math.max(1, pairs.size + wanted.size);
  };
  const [best] = keys
    .map((key) => ({ key, likeness: likeness(key) }))
    .filter((each) => each.likeness > leastLikeness)
    .sort((a, b) => b.likeness - a.likeness);
  return best?.key;
}

function letterPairs(word: string): Set<string> {
  const letters = word.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, i) => letters.slice(i, i + 2)));
}
