/** match_recognize read naively: for each row all ways in which the rows up to it can be read. */

export type RowPattern =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'sequence' | 'alternatives'; readonly parts: readonly RowPattern[] }
  | {
      readonly kind: 'repeat';
      readonly operand: RowPattern;
      readonly suffix: string;
      readonly low: number;
      readonly high: number;
      /** Without an upper bound, whatever `high` says. */
      readonly endless: boolean;
      readonly counted: boolean;
    };

export type Skip = 'past last row' | 'to next row';

export interface NumberedRow {
  readonly n: number;
  readonly k: string;
  readonly x: number;
}

export function print(pattern: RowPattern): string {
  switch (pattern.kind) {
    case 'variable':
      return pattern.name;
    case 'sequence':
      return pattern.parts.map(print).join(' ');
    case 'alternatives':
      return `(${pattern.parts.map(print).join(' | ')})`;
    case 'repeat': {
      const { operand, suffix } = pattern;
      return operand.kind === 'variable' ? `${operand.name}${suffix}` : `(${print(operand)})${suffix}`;
    }
    default:
      return pattern satisfies never;
  }
}

/** A place of a variable in the pattern, repetitions written out. */
interface Place {
  readonly name: string;
  readonly counted: boolean;
}

/** The pattern without bounds: sequences, alternatives, parts that may be missing, and loops. */
type Plain =
  | Place
  | { readonly all: readonly Plain[] }
  | { readonly any: readonly Plain[] }
  | { readonly maybe: Plain }
  | { readonly loop: Plain };

function plain(pattern: RowPattern, counted = false): Plain {
  switch (pattern.kind) {
    case 'variable':
      return { name: pattern.name, counted };
    case 'sequence':
      return { all: pattern.parts.map((part) => plain(part)) };
    case 'alternatives':
      return { any: pattern.parts.map((part) => plain(part)) };
    case 'repeat': {
      const { operand, low, high, endless, suffix } = pattern;
      const counts = pattern.counted && operand.kind === 'variable';
      if (suffix === '+') return { loop: plain(operand) };
      const required = Array.from({ length: low }, () => plain(operand));
      if (endless) return { all: [...required, { maybe: { loop: plain(operand, counts) } }] };
      const optional = Array.from({ length: high - low }, () => ({ maybe: plain(operand, counts) }));
      return { all: [...required, ...optional] };
    }
    default:
      return pattern satisfies never;
  }
}

type Reading = readonly Place[];

/** Every way in which the rows, all of them, can be read: staying in a part is tried before what follows it. */
function readings(
  pattern: Plain,
  rows: readonly NumberedRow[],
  fits: (place: Place, row: NumberedRow) => boolean,
): Reading[] {
  const found: Reading[] = [];
  const read = (part: Plain, at: number, so: Reading, then: (at: number, so: Reading) => void): void => {
    if ('name' in part) {
      if (at < rows.length && fits(part, rows[at])) then(at + 1, [...so, part]);
    } else if ('all' in part) {
      const [head, ...tail] = part.all;
      if (head === undefined) then(at, so);
      else read(head, at, so, (next, taken) => read({ all: tail }, next, taken, then));
    } else if ('any' in part) for (const one of part.any) read(one, at, so, then);
    else if ('maybe' in part) {
      read(part.maybe, at, so, (next, taken) => next > at && then(next, taken));
      then(at, so);
    } else {
      read(part.loop, at, so, (next, taken) => {
        if (next === at) return;
        read(part, next, taken, then);
        then(next, taken);
      });
    }
  };
  read(pattern, 0, [], (at, so) => {
    if (at === rows.length) found.push(so);
  });
  return found;
}

export class NaiveRecognizer {
  private readonly pattern: Plain;
  private readonly several: ReadonlyMap<string, boolean>;
  private readonly skip: Skip;
  private readonly all: boolean;
  private readonly fits: Readonly<Record<string, (x: number) => boolean>>;
  private readonly rows = new Map<string, NumberedRow[]>();
  /** Of each partition the first row that may begin a match. */
  private readonly from = new Map<string, number>();

  constructor(
    pattern: RowPattern,
    skip: Skip,
    all: boolean,
    fits: Readonly<Record<string, (x: number) => boolean>>,
  ) {
    this.pattern = plain(pattern);
    this.several = severalOf(pattern);
    this.skip = skip;
    this.all = all;
    this.fits = fits;
  }

  /** The matches that the row completes: under each variable the numbers of its rows. */
  take(row: NumberedRow): Readonly<Record<string, readonly number[]>>[] {
    const rows = this.rows.get(row.k) ?? [];
    this.rows.set(row.k, [...rows, row]);
    const list = [...rows, row];
    const given: Record<string, readonly number[]>[] = [];
    let from = this.from.get(row.k) ?? 0;
    for (let begin = from; begin < list.length; begin++) {
      const part = list.slice(begin);
      const found = readings(this.pattern, part, (place, one) => this.fits[place.name](one.x));
      if (found.length === 0) continue;
      const chosen = this.all ? found : [found.reduce((best, one) => (isPreferred(one, best) ? one : best))];
      for (const reading of chosen) given.push(assignment(this.several, reading, part));
      from = this.skip === 'past last row' ? list.length : begin + 1;
      // The first of them leaves no rows for the others.
      if (!this.all && this.skip === 'past last row') break;
    }
    this.from.set(row.k, from);
    return given;
  }
}

/** Whether any place that counts has more rows than in the best so far. */
function isPreferred(candidate: Reading, best: Reading): boolean {
  const count = (reading: Reading, place: Place): number => reading.filter((one) => one === place).length;
  return candidate.some((place) => place.counted && count(candidate, place) > count(best, place));
}

function assignment(
  several: ReadonlyMap<string, boolean>,
  reading: Reading,
  rows: readonly NumberedRow[],
): Record<string, readonly number[]> {
  const taken: Record<string, readonly number[]> = {};
  for (const [name, multiple] of several) {
    const own = rows.filter((_, i) => reading[i].name === name).map(({ n }) => n);
    taken[name] = multiple ? own : own.slice(-1);
  }
  return taken;
}

/** The variables in the order of the alphabet, and whether each may take several rows. */
function severalOf(pattern: RowPattern): Map<string, boolean> {
  const names = new Map<string, boolean>();
  const visit = (part: RowPattern, repeated: boolean): void => {
    if (part.kind === 'variable') names.set(part.name, repeated || names.get(part.name) === true);
    else if (part.kind === 'repeat') visit(part.operand, repeated || part.high > 1);
    else for (const one of part.parts) visit(one, repeated);
  };
  visit(pattern, false);
  return new Map([...names].sort(([one], [other]) => (one < other ? -1 : 1)));
}
