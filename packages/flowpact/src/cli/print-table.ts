/** How a list is printed. */
export interface ListOptions {
  readonly json?: boolean;
}

/** A column of a table for people. */
export interface Column<T> {
  readonly heading: string;
  text(item: T): string;
}

/** Columns wider than this are cut, the last one excepted. */
const widest = 44;

/**
 * Prints items: a table on a terminal, else (or with `json`) one JSON object a line, which pipes. What partners wrote
 * loses its control characters, so that it cannot move the cursor.
 */
export function printList<T>(
  items: readonly T[],
  columns: readonly Column<T>[],
  { json = false }: ListOptions,
): void {
  if (json || !process.stdout.isTTY) {
    for (const item of items) console.log(JSON.stringify(item, exactIntegers));
    return;
  }
  for (const line of tableLines(items, columns)) console.log(line);
}

export function tableLines<T>(items: readonly T[], columns: readonly Column<T>[]): string[] {
  const rows = [
    columns.map(({ heading }) => heading),
    ...items.map((item) => columns.map(({ text }) => printable(text(item)))),
  ];
  const widths = columns.map((_, i) => Math.min(widest, Math.max(...rows.map((row) => row[i].length))));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cut(cell, widths[i]).padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

const cut = (text: string, length: number) =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

const printable = (text: string) => text.replace(/\p{Cc}/gu, ' ');

const exactIntegers = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value;

/** `2026-11-22 13:05:00`, UTC. */
export const timeText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
