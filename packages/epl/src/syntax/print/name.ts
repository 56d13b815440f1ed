import { isRefusedAsColumn, startsClause } from '../keywords.ts';

const plain = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A name, between backticks wherever it could be taken for anything else. */
export function printName(name: string): string {
  const word = name.toLowerCase();
  return plain.test(name) && !isRefusedAsColumn(word) && !startsClause(word) ? name : `\`${name}\``;
}

/** A string literal that reads back as the same text. */
export function printString(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

/** The words that are there, a blank between them. */
export const joinWords = (...words: readonly (string | undefined | false)[]): string =>
  words.filter((word) => word !== undefined && word !== false && word !== '').join(' ');
