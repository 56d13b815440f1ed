/** Why something cannot be written, and what to do about it. */
export function describeWriteFailure(name: string, { message, code }: NodeJS.ErrnoException): string {
  const remedy = remedies[code ?? ''];
  return `cannot write to ${name}: ${message}${remedy === undefined ? '' : `: ${remedy}`}`;
}

const full = 'make room, or write elsewhere';
const gone = 'the receiver closed the connection';

const remedies: Readonly<Record<string, string | undefined>> = {
  ENOSPC: full,
  EDQUOT: full,
  ECONNRESET: gone,
  EPIPE: gone,
};
