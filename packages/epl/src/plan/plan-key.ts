/** A text that is equal for equal plans, and for equal parts of plans: how shared work is recognised. */
export function planKey(plan: unknown): string {
  return JSON.stringify(plan, (_key, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    // Of an event type its name is enough, and types may contain each other.
    if (typeof value === 'object' && value !== null && 'Instance' in value)
      return (value as { name?: string }).name;
    return value;
  });
}
