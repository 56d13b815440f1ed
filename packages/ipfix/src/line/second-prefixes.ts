const slots = 256;

/** A text for each second since 1970, as octets, from a direct-mapped cache: flows are close in time. */
export function createSecondPrefixes(textOf: (second: number) => string): (second: number) => Uint8Array {
  const seconds = new Float64Array(slots).fill(Number.NaN);
  const prefixes: Uint8Array[] = new Array(slots).fill(new Uint8Array(0));
  return (second) => {
    const slot = second & (slots - 1);
    if (seconds[slot] !== second) {
      seconds[slot] = second;
      prefixes[slot] = Buffer.from(textOf(second), 'latin1');
    }
    return prefixes[slot];
  };
}
