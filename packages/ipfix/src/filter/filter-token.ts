import { filterError } from './filter-error.ts';

/** A piece of a filter's text. */
export interface FilterToken {
  readonly kind: 'word' | 'string' | 'operator' | 'punctuation' | 'end';
  /** A string without its quotes; operators in their one form (`==` is `=`, `&&` is the word `and`). */
  readonly text: string;
  /** UTF-16 code units from the beginning of the filter. */
  readonly at: number;
  readonly length: number;
}

/** Longest filter, UTF-16 code units. */
const longestFilter = 256 * 1024;

const pattern =
  /\s+|#[^\n]*|(?<word>[\p{L}\p{N}_.:/@*-]+)|"(?<double>[^"\n]*)"|'(?<single>[^'\n]*)'|(?<operator><=|>=|==|!=|=|<|>)|(?<logic>&&|\|\||!)|(?<punctuation>[()[\],])/uy;

const logicWords: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not' };

/** @throws IpfixError `IPFIX_BAD_FILTER` */
export function tokenizeFilter(filter: string): FilterToken[] {
  if (filter.length > longestFilter) {
    throw filterError(filter.slice(0, 80), 0, 1, `the filter has more than ${longestFilter} characters`);
  }
  const tokens: FilterToken[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < filter.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(filter);
    if (match === null) throw filterError(filter, at, 1, badCharacter(filter[at]));
    const { word, double, single, operator, logic, punctuation } = match.groups ?? {};
    const text = double ?? single;
    const place = { at, length: match[0].length };
    if (word !== undefined) tokens.push({ kind: 'word', text: word, ...place });
    else if (text !== undefined) tokens.push({ kind: 'string', text, ...place });
    else if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator === '==' ? '=' : operator, ...place });
    } else if (logic !== undefined) tokens.push({ kind: 'word', text: logicWords[logic], ...place });
    else if (punctuation !== undefined) tokens.push({ kind: 'punctuation', text: punctuation, ...place });
  }
  tokens.push({ kind: 'end', text: '', at: filter.trimEnd().length, length: 1 });
  return tokens;
}

const badCharacter = (character: string) =>
  character === '"' || character === "'"
    ? 'the text that begins here has no closing quote'
    : `the character ${JSON.stringify(character)} means nothing here`;
