/**
 * The regular expressions of `regexp`: those of Java whose match needs no backtracking. Refused are backreferences,
 * look-around, word boundaries and possessive quantifiers, each by name.
 */
export type RegexpNode =
  | { readonly kind: 'chars'; readonly test: CharTest }
  | { readonly kind: 'sequence' | 'alternatives'; readonly parts: readonly RegexpNode[] }
  | { readonly kind: 'repeat'; readonly operand: RegexpNode; readonly low: number; readonly high: number }
  | { readonly kind: 'start' | 'end' };

/** Whether a UTF-16 unit fits. */
export type CharTest = (unit: number) => boolean;

/** What is wrong with a pattern. */
export class RegexpError extends Error {
  override readonly name = 'RegexpError';
}

/** `a{1000}` and the like may not blow up the automaton. */
const mostRepeats = 1000;
const deepest = 100;

export function parseRegexp(pattern: string): RegexpNode {
  return new RegexpParser(pattern).parse();
}

class RegexpParser {
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private ignoreCase = false;
  private dotAll = false;

  constructor(text: string) {
    this.text = text;
  }

  parse(): RegexpNode {
    const node = this.alternatives();
    if (this.at < this.text.length) throw this.error(`unexpected '${this.text[this.at]}'`);
    return node;
  }

  private alternatives(): RegexpNode {
    if (++this.depth > deepest) throw this.error(`more than ${deepest} groups inside of each other`);
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    this.depth--;
    return parts.length === 1 ? parts[0] : { kind: 'alternatives', parts };
  }

  private sequence(): RegexpNode {
    const parts: RegexpNode[] = [];
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') {
      const node = this.atom();
      if (node !== undefined) parts.push(this.quantified(node));
    }
    return parts.length === 1 ? parts[0] : { kind: 'sequence', parts };
  }

  private quantified(operand: RegexpNode): RegexpNode {
    const bounds = this.bounds();
    if (bounds === undefined) return operand;
    // A reluctant quantifier finds the same whole match.
    this.take('?');
    if (this.text[this.at] === '+') throw this.error('possessive quantifiers are not supported');
    if ('*+?{'.includes(this.text[this.at] ?? ' ')) throw this.error('a quantifier behind a quantifier');
    return { kind: 'repeat', operand, ...bounds };
  }

  private bounds(): { low: number; high: number } | undefined {
    if (this.take('*')) return { low: 0, high: Number.POSITIVE_INFINITY };
    if (this.take('+')) return { low: 1, high: Number.POSITIVE_INFINITY };
    if (this.take('?')) return { low: 0, high: 1 };
    if (this.text[this.at] !== '{') return undefined;
    const found = /^\{(\d+)(,?)(\d*)\}/.exec(this.text.slice(this.at, this.at + 16));
    if (found === null) throw this.error("a '{' that is no quantifier: write \\{");
    this.at += found[0].length;
    const low = Number(found[1]);
    const high = found[3] !== '' ? Number(found[3]) : found[2] === '' ? low : Number.POSITIVE_INFINITY;
    if (low > high) throw this.error(`the bounds of ${found[0]} are swapped`);
    if (low > mostRepeats || (high !== Number.POSITIVE_INFINITY && high > mostRepeats))
      throw this.error(`${found[0]} repeats more than ${mostRepeats} times`);
    return { low, high };
  }

  /** Undefined for what only sets flags. */
  private atom(): RegexpNode | undefined {
    const char = this.text[this.at++];
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return this.chars(this.charClass());
      case '.': {
        const { dotAll } = this;
        return { kind: 'chars', test: (unit) => dotAll || !isLineEnd(unit) };
      }
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
      case '{':
        throw this.error(`nothing before '${char}' that it could repeat`);
      default:
        return this.chars(only(char.charCodeAt(0)));
    }
  }

  private group(): RegexpNode | undefined {
    const flags = /^\?([a-zA-Z]*)(:|\))/.exec(this.text.slice(this.at, this.at + 12));
    const before = { ignoreCase: this.ignoreCase, dotAll: this.dotAll };
    if (flags !== null) {
      this.at += flags[0].length;
      for (const flag of flags[1]) {
        if (flag === 'i') this.ignoreCase = true;
        else if (flag === 's') this.dotAll = true;
        else throw this.error(`the flag '${flag}' is not supported: there are i and s`);
      }
      if (flags[2] === ')') return undefined;
    } else if (this.take('?')) {
      const named = /^<[A-Za-z][A-Za-z0-9]*>/.exec(this.text.slice(this.at, this.at + 64));
      if (named === null) throw this.error('look-around is not supported');
      this.at += named[0].length;
    }
    const inner = this.alternatives();
    if (!this.take(')')) throw this.error("a ')' is missing");
    this.ignoreCase = before.ignoreCase;
    this.dotAll = before.dotAll;
    return inner;
  }

  private escape(): RegexpNode {
    const char = this.text[this.at++];
    if (char === undefined) throw this.error('a backslash at the end');
    if (char === 'Q') {
      const end = this.text.indexOf('\\E', this.at);
      const quoted = this.text.slice(this.at, end < 0 ? undefined : end);
      this.at = end < 0 ? this.text.length : end + 2;
      return { kind: 'sequence', parts: [...quoted].map((one) => this.chars(only(one.charCodeAt(0)))) };
    }
    if (char === 'A') return { kind: 'start' };
    if (char === 'z' || char === 'Z') return { kind: 'end' };
    if (/[1-9k]/.test(char)) throw this.error('backreferences are not supported');
    if (/[bBG]/.test(char)) throw this.error('word boundaries are not supported');
    this.at--;
    return this.chars(this.escapedChars());
  }

  /** Behind a backslash: a class such as `\d`, or one character. */
  private escapedChars(): CharTest {
    const char = this.text[this.at++];
    if (char === undefined) throw this.error('a backslash at the end');
    if (Object.hasOwn(classes, char)) return classes[char];
    const lower = char.toLowerCase();
    if (char !== lower && Object.hasOwn(classes, lower)) {
      const inner = classes[lower];
      return (unit) => !inner(unit);
    }
    if (Object.hasOwn(controls, char)) return only(controls[char]);
    if (char === 'x' || char === 'u') {
      const digits = char === 'x' ? 2 : 4;
      const code = this.text.slice(this.at, this.at + digits);
      if (!/^[0-9a-fA-F]+$/.test(code) || code.length < digits)
        throw this.error(`\\${char} needs ${digits} digits`);
      this.at += digits;
      return only(Number.parseInt(code, 16));
    }
    if (/[a-zA-Z]/.test(char)) throw this.error(`the escape \\${char} is not supported`);
    return only(char.charCodeAt(0));
  }

  /** Behind `[`. */
  private charClass(): CharTest {
    const negated = this.take('^');
    const tests: CharTest[] = [];
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      const char = this.text[this.at];
      if (char === undefined) throw this.error("a ']' is missing");
      if (char === '&' && this.text[this.at + 1] === '&')
        throw this.error('the intersection of classes is not supported');
      if (char === '[') {
        this.at++;
        tests.push(this.charClass());
        continue;
      }
      const low = this.classChar();
      const range = this.text[this.at] === '-' && !']['.includes(this.text[this.at + 1] ?? ']');
      if (!range || typeof low !== 'number') {
        tests.push(typeof low === 'number' ? only(low) : low);
        continue;
      }
      this.at++;
      const high = this.classChar();
      if (typeof high !== 'number' || high < low) throw this.error('a range of characters with swapped ends');
      tests.push((unit) => unit >= low && unit <= high);
    }
    this.at++;
    return negated ? (unit) => !tests.some((test) => test(unit)) : (unit) => tests.some((test) => test(unit));
  }

  private classChar(): number | CharTest {
    if (!this.take('\\')) return this.text.charCodeAt(this.at++);
    const start = this.at;
    const test = this.escapedChars();
    const single = escapedUnit(this.text, start, this.at);
    return single ?? test;
  }

  private chars(test: CharTest): RegexpNode {
    if (!this.ignoreCase) return { kind: 'chars', test };
    // As in Java, only the letters of ASCII have two cases.
    return { kind: 'chars', test: (unit) => test(unit) || test(otherCase(unit)) };
  }

  private take(char: string): boolean {
    const found = this.text[this.at] === char;
    if (found) this.at++;
    return found;
  }

  private error(what: string): RegexpError {
    return new RegexpError(`${what} (at character ${this.at + 1} of '${this.text.slice(0, 80)}')`);
  }
}

const only =
  (wanted: number): CharTest =>
  (unit) =>
    unit === wanted;

/** The character that an escape between the two places stands for; undefined where it is a class. */
function escapedUnit(text: string, start: number, end: number): number | undefined {
  const char = text[start];
  if (Object.hasOwn(classes, char.toLowerCase())) return undefined;
  if (Object.hasOwn(controls, char)) return controls[char];
  if (end - start > 1) return Number.parseInt(text.slice(start + 1, end), 16);
  return char.charCodeAt(0);
}

const isLineEnd = (unit: number): boolean =>
  unit === 10 || unit === 13 || unit === 0x85 || unit === 0x2028 || unit === 0x2029;

const isLetter = (unit: number): boolean => (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);

const otherCase = (unit: number): number => (isLetter(unit) ? unit ^ 32 : unit);

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;

const classes: Readonly<Record<string, CharTest>> = {
  d: isDigit,
  w: (unit) => isDigit(unit) || isLetter(unit) || unit === 95,
  s: (unit) => unit === 32 || (unit >= 9 && unit <= 13),
};

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27, '0': 0 };
