import type { IpfixError } from '../ipfix-error.ts';
import { filterError } from './filter-error.ts';
import type { CompareOperator } from './filter-expression.ts';
import { type FilterToken, tokenizeFilter } from './filter-token.ts';

/** Values of a list, `[ … ]`. */
const longestList = 10_000;

const operatorWords: Readonly<Record<string, CompareOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  eq: '=',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** Goes through the tokens of a filter; parts of the parser share one. */
export interface TokenReader {
  readonly current: FilterToken;
  /** The token after the current one. */
  readonly following: FilterToken;
  next(): FilterToken;
  /** Takes the current token if it is this word (in any case) or this punctuation. */
  take(text: string): boolean;
  /** Takes a comparison; `=` where there is none. */
  takeOperator(): CompareOperator;
  /** Reads one value, or several as `[a b]`, `[a, b]` or `in [a b]`. */
  values<T>(what: string, parse: (token: FilterToken) => T | undefined): T[];
  fail(token: FilterToken, message: string): IpfixError;
}

/** @throws IpfixError `IPFIX_BAD_FILTER` */
export function createTokenReader(filter: string): TokenReader {
  const tokens = tokenizeFilter(filter);
  let position = 0;

  const fail = (token: FilterToken, message: string) => filterError(filter, token.at, token.length, message);

  function next(): FilterToken {
    const token = tokens[position];
    if (token.kind !== 'end') position++;
    return token;
  }

  function take(text: string): boolean {
    const { kind, text: found } = tokens[position];
    if (kind === 'string' || kind === 'end' || found.toLowerCase() !== text) return false;
    position++;
    return true;
  }

  function value<T>(what: string, parse: (token: FilterToken) => T | undefined): T {
    const token = tokens[position];
    const parsed = token.kind === 'word' || token.kind === 'string' ? parse(token) : undefined;
    if (parsed === undefined) {
      throw fail(token, token.kind === 'end' ? `${what} is missing` : `${what} is wanted here`);
    }
    next();
    return parsed;
  }

  return {
    get current() {
      return tokens[position];
    },
    get following() {
      return tokens[Math.min(position + 1, tokens.length - 1)];
    },
    next,
    take,
    takeOperator() {
      const { kind, text } = tokens[position];
      const known = kind === 'operator' || kind === 'word' ? operatorWords[text.toLowerCase()] : undefined;
      if (known !== undefined) position++;
      return known ?? '=';
    },
    values(what, parse) {
      const isList = take('in');
      const open = tokens[position];
      if (!take('[')) {
        if (isList) throw fail(open, 'a list such as [80 443] is wanted here');
        return [value(what, parse)];
      }
      const values = [value(what, parse)];
      while (!take(']')) {
        take(',');
        if (values.length >= longestList) throw fail(open, `the list has more than ${longestList} values`);
        values.push(value(what, parse));
      }
      return values;
    },
    fail,
  };
}
