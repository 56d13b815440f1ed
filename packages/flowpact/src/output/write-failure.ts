/** Why something cannot be written, and what to do about it. */
export function describeWriteFailure(name: string, { message, code }: NodeJS.ErrnoException): string {
  const remedy = code === 'ENOSPC' || code === 'EDQUOT' ? ': make room, or write elsewhere' : '';
  return `cannot write to ${name}: ${message}${remedy}`;
}
