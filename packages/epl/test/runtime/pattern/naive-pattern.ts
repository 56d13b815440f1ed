/** Patterns read naively: immutable states, every event is shown to all of them. */

export interface Event {
  readonly n?: number;
  readonly t: string;
  readonly k: string | null;
  readonly x: number;
}

export type Pattern =
  | {
      readonly kind: 'filter';
      readonly tag: string;
      readonly t: string;
      readonly sameKeyAs: string | undefined;
      readonly above: string | undefined;
    }
  | { readonly kind: 'followed-by' | 'and' | 'or'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'every'; readonly operand: Pattern }
  | {
      readonly kind: 'repeat';
      readonly low: number | undefined;
      readonly high: number | undefined;
      readonly operand: Pattern;
      readonly until: Pattern;
    }
  | { readonly kind: 'within'; readonly ms: number; readonly operand: Pattern }
  | { readonly kind: 'interval'; readonly ms: number }
  /** `timer:interval(…) and not operand`. */
  | { readonly kind: 'absence'; readonly ms: number; readonly operand: Pattern };

export type Match = Readonly<Record<string, Event | readonly Event[]>>;

export function print(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'filter': {
      const { tag, t, sameKeyAs, above } = pattern;
      const conditions = [`t = '${t}'`];
      if (sameKeyAs !== undefined) conditions.push(`k = ${sameKeyAs}.k`);
      if (above !== undefined) conditions.push(`x > ${above}.x`);
      return `${tag}=E(${conditions.join(', ')})`;
    }
    case 'followed-by':
      return `(${pattern.parts.map(print).join(' -> ')})`;
    case 'and':
    case 'or':
      return `(${pattern.parts.map(print).join(` ${pattern.kind} `)})`;
    case 'every':
      return `(every ${print(pattern.operand)})`;
    case 'repeat': {
      const { low, high, operand, until } = pattern;
      const [least, most] = boundsOf(pattern);
      const bounds = low === undefined && high === undefined ? '' : `[${least ?? ''}:${most ?? ''}] `;
      return `(${bounds}${print(operand)} until ${print(until)})`;
    }
    case 'within':
      return `(${print(pattern.operand)} where timer:within(${pattern.ms} msec))`;
    case 'interval':
      return `timer:interval(${pattern.ms} msec)`;
    case 'absence':
      return `(timer:interval(${pattern.ms} msec) and not ${print(pattern.operand)})`;
    default:
      return pattern satisfies never;
  }
}

function boundsOf({ low, high }: Extract<Pattern, { kind: 'repeat' }>): [number?, number?] {
  return low !== undefined && high !== undefined && low > high ? [high, low] : [low, high];
}

/** What is shown to a state: an event, or that the clock is at `nowMs` and all that is due by `dueMs` is due. */
type Input =
  | { readonly kind: 'event'; readonly event: Event; readonly nowMs: number }
  | { readonly kind: 'time'; readonly dueMs: number; readonly nowMs: number };

interface Outcome {
  readonly matches: readonly Match[];
  /** Undefined where it has ended, by its last match or because it has failed. */
  readonly next: State | undefined;
  readonly failed: boolean;
}

interface State {
  step(input: Input): Outcome;
  /** When something falls due in it next. */
  readonly dueMs: number;
}

const never = Number.POSITIVE_INFINITY;
const failure: Outcome = { matches: [], next: undefined, failed: true };
const ended = (match: Match): Outcome => ({ matches: [match], next: undefined, failed: false });

function open(pattern: Pattern, begin: Match, nowMs: number): State {
  switch (pattern.kind) {
    case 'filter': {
      const waiting: State = {
        dueMs: never,
        step: (input) => {
          const fits = input.kind === 'event' && passes(pattern, input.event, begin);
          if (fits) return ended({ ...begin, [pattern.tag]: input.event });
          return { matches: [], next: waiting, failed: false };
        },
      };
      return waiting;
    }
    case 'followed-by':
      return followedBy(pattern.parts, [{ place: 0, state: open(pattern.parts[0], begin, nowMs) }]);
    case 'and':
      return both(pattern.parts.map((part) => ({ state: open(part, begin, nowMs), matches: [] })));
    case 'or':
      return either(pattern.parts.map((part) => open(part, begin, nowMs)));
    case 'every':
      return every(pattern.operand, begin, open(pattern.operand, begin, nowMs));
    case 'repeat':
      return repeat(
        pattern,
        begin,
        [],
        open(pattern.operand, begin, nowMs),
        open(pattern.until, begin, nowMs),
      );
    case 'within':
      return within(nowMs + pattern.ms, open(pattern.operand, begin, nowMs));
    case 'interval':
      return interval(nowMs + pattern.ms, begin);
    case 'absence':
      return absence(nowMs + pattern.ms, begin, open(pattern.operand, begin, nowMs));
    default:
      return pattern satisfies never;
  }
}

function passes(
  { t, sameKeyAs, above }: Extract<Pattern, { kind: 'filter' }>,
  event: Event,
  begin: Match,
): boolean {
  if (event.t !== t) return false;
  const other = (tag: string): Event => begin[tag] as Event;
  if (sameKeyAs !== undefined && (event.k === null || event.k !== other(sameKeyAs).k)) return false;
  return above === undefined || event.x > other(above).x;
}

type Step = { readonly place: number; readonly state: State };

function followedBy(parts: readonly Pattern[], steps: readonly Step[]): State {
  return {
    dueMs: Math.min(never, ...steps.map(({ state }) => state.dueMs)),
    step: (input) => {
      const matches: Match[] = [];
      const next: Step[] = [];
      const opened: Step[] = [];
      for (const { place, state } of steps) {
        const outcome = state.step(input);
        if (outcome.next !== undefined) next.push({ place, state: outcome.next });
        for (const match of outcome.matches) {
          if (place === parts.length - 1) matches.push(match);
          else opened.push({ place: place + 1, state: open(parts[place + 1], match, input.nowMs) });
        }
      }
      const all = [...next, ...opened];
      if (all.length > 0) return { matches, next: followedBy(parts, all), failed: false };
      return matches.length > 0 ? { matches, next: undefined, failed: false } : failure;
    },
  };
}

type Side = { readonly state: State | undefined; readonly matches: readonly Match[] };

function both(sides: readonly Side[]): State {
  return {
    dueMs: Math.min(never, ...sides.map(({ state }) => state?.dueMs ?? never)),
    step: (input) => {
      const outcomes = sides.map(({ state }) => state?.step(input));
      if (outcomes.some((outcome) => outcome?.failed === true)) return failure;
      const next = sides.map(({ matches }, i) => ({
        state: outcomes[i]?.next,
        matches: [...matches, ...(outcomes[i]?.matches ?? [])],
      }));
      if (next.every(({ state }) => state === undefined)) {
        const [one, other] = next.map(({ matches }) => matches);
        const combined = one.flatMap((match) => other.map((second) => ({ ...match, ...second })));
        return { matches: combined, next: undefined, failed: false };
      }
      return { matches: [], next: both(next), failed: false };
    },
  };
}

function either(states: readonly State[]): State {
  return {
    dueMs: Math.min(never, ...states.map(({ dueMs }) => dueMs)),
    step: (input) => {
      const outcomes = states.map((state) => state.step(input));
      const done = outcomes.find(({ matches }) => matches.length > 0);
      if (done !== undefined) return { ...done, next: undefined };
      const open = outcomes.flatMap(({ next }) => next ?? []);
      return open.length === 0 ? failure : { matches: [], next: either(open), failed: false };
    },
  };
}

function every(operand: Pattern, begin: Match, state: State): State {
  return {
    dueMs: state.dueMs,
    step: (input) => {
      const { matches, next } = state.step(input);
      const anew = next ?? open(operand, begin, input.nowMs);
      return { matches, next: every(operand, begin, anew), failed: false };
    },
  };
}

function repeat(
  pattern: Extract<Pattern, { kind: 'repeat' }>,
  begin: Match,
  found: readonly Event[],
  operand: State | undefined,
  until: State,
): State {
  const [low, high] = boundsOf(pattern);
  const { tag } = pattern.operand as Extract<Pattern, { kind: 'filter' }>;
  const gathered = (match: Match, events: readonly Event[]): Match =>
    events.length === 0 ? match : { ...match, [tag]: events };
  return {
    dueMs: Math.min(operand?.dueMs ?? never, until.dueMs),
    step: (input) => {
      const done = until.step(input);
      if (done.failed) return failure;
      if (done.matches.length > 0)
        return low !== undefined && found.length < low ? failure : ended(gathered(done.matches[0], found));
      const collected = operand?.step(input);
      if (collected === undefined || collected.matches.length === 0)
        return { matches: [], next: repeat(pattern, begin, found, operand, until), failed: false };
      const events = [...found, collected.matches[0][tag] as Event];
      if (low === high && events.length === high) return ended(gathered(begin, events));
      const more = events.length === high ? undefined : open(pattern.operand, begin, input.nowMs);
      return { matches: [], next: repeat(pattern, begin, events, more, until), failed: false };
    },
  };
}

function within(dueMs: number, state: State): State {
  return {
    dueMs: Math.min(dueMs, state.dueMs),
    step: (input) => {
      if (input.kind === 'time' && dueMs <= input.dueMs) return failure;
      const { matches, next, failed } = state.step(input);
      return { matches, next: next && within(dueMs, next), failed };
    },
  };
}

function interval(dueMs: number, begin: Match): State {
  const waiting: State = {
    dueMs,
    step: (input) =>
      input.kind === 'time' && dueMs <= input.dueMs
        ? ended(begin)
        : { matches: [], next: waiting, failed: false },
  };
  return waiting;
}

function absence(dueMs: number, begin: Match, watched: State): State {
  return {
    dueMs,
    step: (input) => {
      if (input.kind === 'time' && dueMs <= input.dueMs) return ended(begin);
      const { matches, next } = watched.step(input);
      if (matches.length > 0 || next === undefined) return failure;
      return { matches: [], next: absence(dueMs, begin, next), failed: false };
    },
  };
}

/** One running pattern. */
export class Reference {
  private state: State | undefined;
  private nowMs = 0;

  constructor(pattern: Pattern) {
    this.state = open(pattern, {}, 0);
  }

  send(event: Event): readonly Match[] {
    return this.take({ kind: 'event', event, nowMs: this.nowMs });
  }

  /** What falls due in one jump runs in its order, at the time of the jump. */
  advance(nowMs: number): readonly Match[] {
    this.nowMs = nowMs;
    const matches: Match[] = [];
    while (this.state !== undefined && this.state.dueMs <= nowMs)
      matches.push(...this.take({ kind: 'time', dueMs: this.state.dueMs, nowMs }));
    return matches;
  }

  private take(input: Input): readonly Match[] {
    const outcome = this.state?.step(input);
    this.state = outcome?.next;
    return outcome?.matches ?? [];
  }
}
