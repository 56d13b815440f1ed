/**
 * Colours that people with any kind of colour vision tell apart (Okabe and Ito, Color Universal Design, 2008), in
 * an order in which neighbours differ most. Names beside them say the same.
 */
const colours = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#b5a90b',
  '#7f8790',
] as const;

export interface Palette {
  /** The same name has the same colour as long as the page is open. */
  colourOf(name: string): string;
}

/** Gives colours to names in the order in which they first come; beyond eight the last one is for all. */
export function createPalette(): Palette {
  const given = new Map<string, string>();
  return {
    colourOf(name) {
      const known = given.get(name);
      if (known !== undefined) return known;
      const colour = colours[Math.min(given.size, colours.length - 1)]!;
      given.set(name, colour);
      return colour;
    },
  };
}
