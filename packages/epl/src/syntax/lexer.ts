import { canonicalLong } from '../long.ts';
import { Fault } from './fault.ts';
import type { Token } from './token.ts';

/** Longest first, so that the first that fits is the right one. */
const symbols = [
  '-[',
  ']>',
  '!=',
  '<>',
  '<=',
  '>=',
  '->',
  '=>',
  '||',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
  '.',
  ':',
  '?',
  '@',
  '*',
  '/',
  '+',
  '-',
  '%',
  '=',
  '<',
  '>',
  '&',
  '|',
  '^',
  '!',
  '#',
  '~',
  '$',
]; // prettier-ignore
const symbolsByFirst = new Map<string, string[]>();
for (const symbol of symbols) {
  // `-[2]>` is the only place of its brackets; the parser puts them together from single symbols.
  if (symbol === '-[' || symbol === ']>') continue;
  const list = symbolsByFirst.get(symbol[0]);
  if (list === undefined) symbolsByFirst.set(symbol[0], [symbol]);
  else list.push(symbol);
}

const whitespace = /\s+/y;
const nameStart = /[\p{L}_$]/u;
const nameText = /(?:[\p{L}\p{N}_$]|\\\.)+/uy;
const numberText = /0[xX][0-9a-fA-F]+[lL]?|(?:\d+(?:\.\d+|\.(?![\w.]))?|\.\d+)(?:[eE][+-]?\d+)?[lLfFdD]?/y;
const escapes: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', "'": "'" };

/** All tokens of the text, the last one of kind `end`. Linear in the length of the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const sticky = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const char = text[at];
    const start = at;
    const blank = sticky(whitespace);
    if (blank !== undefined) {
      at += blank.length;
    } else if (char === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (char === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0)
        throw new Fault('EPL_SYNTAX', 'comment without end: */ is missing', { start, end: start + 2 });
      at = end + 2;
    } else if (char === "'" || char === '"') {
      const value = readString(text, at);
      at = value.end;
      tokens.push({ kind: 'string', text: text.slice(start, at), value: value.value, start, end: at });
    } else if (char === '`') {
      const end = text.indexOf('`', at + 1);
      if (end < 0)
        throw new Fault('EPL_SYNTAX', 'name without end: a backtick is missing', { start, end: start + 1 });
      at = end + 1;
      tokens.push({
        kind: 'name',
        text: text.slice(start + 1, end),
        keyword: '',
        quoted: true,
        start,
        end: at,
      });
    } else if (
      /\d/.test(char) ||
      (char === '.' && /\d/.test(text[at + 1] ?? '') && !endsOperand(tokens.at(-1), at))
    ) {
      const number = sticky(numberText)!;
      at += number.length;
      tokens.push({
        kind: 'number',
        text: number,
        ...numberValue(number, { start, end: at }),
        start,
        end: at,
      });
    } else if (nameStart.test(String.fromCodePoint(text.codePointAt(at)!))) {
      const name = sticky(nameText)!;
      at += name.length;
      const escaped = name.includes('\\');
      tokens.push({
        kind: 'name',
        text: escaped ? name.replaceAll('\\.', '.') : name,
        keyword: escaped ? '' : name.toLowerCase(),
        quoted: escaped,
        start,
        end: at,
      });
    } else {
      const symbol = symbolsByFirst.get(char)?.find((candidate) => text.startsWith(candidate, start));
      if (symbol === undefined) {
        throw new Fault('EPL_SYNTAX', `unexpected character ${JSON.stringify(char)}`, {
          start,
          end: start + 1,
        });
      }
      at += symbol.length;
      tokens.push({ kind: 'symbol', text: symbol, start, end: at });
    }
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

/** `a.5` is no number behind a name that touches it. */
function endsOperand(last: Token | undefined, at: number): boolean {
  return (
    last !== undefined && last.end === at && (last.kind === 'name' || last.text === ']' || last.text === ')')
  );
}

/** A backslash before an ordinary character is dropped; quotes, backslash and `\\uXXXX` are escapes. */
function readString(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === quote) return { value, end: at + 1 };
    if (char !== '\\') {
      value += char;
      continue;
    }
    at++;
    const unicode = text[at] === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 1, at + 5)) : null;
    if (unicode !== null) {
      value += String.fromCharCode(Number.parseInt(unicode[0], 16));
      at += 4;
    } else {
      value += escapes[text[at]] ?? text[at] ?? '';
    }
  }
  const line = text.slice(start, start + 40).split('\n', 1)[0];
  throw new Fault('EPL_SYNTAX', `string without end: the closing ${quote} of ${line} is missing`, {
    start,
    end: start + line.length,
  });
}

/** More than the digits of any long, leading zeros included. */
const widestNumber = 100;
const tooLarge = 2n ** 64n;

function numberValue(
  text: string,
  span: { start: number; end: number },
): { type: 'int' | 'long' | 'float' | 'double'; value: number | bigint } {
  const hex = /^0x/i.test(text);
  const suffix = text.at(-1)!.toLowerCase();
  const digits = /[lfd]/.test(suffix) && !(hex && suffix !== 'l') ? text.slice(0, -1) : text;
  const whole = hex || /^\d+$/.test(digits);
  if (suffix === 'l' && !whole) {
    throw new Fault('EPL_SYNTAX', `the long ${text} has a fraction or an exponent: leave out the l`, span);
  }
  if (hex || (whole && !/[fd]/.test(suffix))) {
    // Beyond this many digits nothing fits, and making a number of them would take long.
    const exact = BigInt(digits.length > widestNumber ? tooLarge : digits);
    const long = suffix === 'l' || exact > 2147483647n;
    // The magnitude of the smallest long is one more than that of the largest; unary minus makes it fit.
    if (exact > 9223372036854775808n)
      throw new Fault('EPL_VALUE', `the number ${text} does not fit a long`, span);
    return { type: long ? 'long' : 'int', value: canonicalLong(exact) };
  }
  const value = Number(digits);
  return suffix === 'f' && !hex ? { type: 'float', value: Math.fround(value) } : { type: 'double', value };
}
