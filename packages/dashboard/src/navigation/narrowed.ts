/** A filter that passes what both pass; what was narrowed by the same condition before stays as it is. */
export function narrowed(filter: string | undefined, condition: string): string {
  const given = filter?.trim() ?? '';
  if (given === '') return condition;
  if (given === condition || given.endsWith(` and ${condition}`)) return given;
  // What `or` joins belongs together; a comment would swallow the rest of the line.
  return /\bor\b|#/.test(given) ? `(${given}\n) and ${condition}` : `${given} and ${condition}`;
}
