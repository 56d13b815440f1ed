import { Fault } from './fault.ts';
import { isReserved } from './keywords.ts';
import type { Span } from './source.ts';
import type { NameToken, Token } from './token.ts';

/** Walks over the tokens of one statement: where it stands, and how deep in nested constructs. */
export class TokenCursor {
  private readonly tokens: readonly Token[];
  private readonly maxNesting: number;
  private at: number;
  private nesting = 0;

  constructor(tokens: readonly Token[], at: number, maxNesting: number) {
    this.tokens = tokens;
    this.at = at;
    this.maxNesting = maxNesting;
  }

  get token(): Token {
    return this.tokens[this.at];
  }

  get position(): number {
    return this.at;
  }

  /** The token `distance` further on; the last one where there is none. */
  ahead(distance: number): Token {
    return this.tokens[Math.min(this.at + distance, this.tokens.length - 1)];
  }

  /** The end of the last token taken. */
  get lastEnd(): number {
    return this.at === 0 ? 0 : this.tokens[this.at - 1].end;
  }

  /** How many `(select` of the statement there are up to here. */
  subqueryNumber(): number {
    let number = 0;
    for (let at = this.at; at > 0; at--) {
      const { [at]: token, [at - 1]: before } = this.tokens;
      if (token.kind === 'symbol' && token.text === ';') break;
      if (isSelect(token) && before.kind === 'symbol' && before.text === '(') number++;
    }
    return number;
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  /** Goes back to an earlier {@link position}. */
  rewind(position: number): void {
    this.at = position;
  }

  isSymbol(text: string, distance = 0): boolean {
    const token = this.ahead(distance);
    return token.kind === 'symbol' && token.text === text;
  }

  takeSymbol(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.at++;
    return found;
  }

  expectSymbol(text: string, where: string): Token {
    if (!this.isSymbol(text)) throw this.unexpected(`'${text}' ${where}`);
    return this.next();
  }

  /** The keyword at that distance, in lower case; empty where there is none. */
  keyword(distance = 0): string {
    const token = this.ahead(distance);
    return token.kind === 'name' ? token.keyword : '';
  }

  isKeyword(word: string, distance = 0): boolean {
    return this.keyword(distance) === word;
  }

  takeKeyword(word: string): boolean {
    const found = this.isKeyword(word);
    if (found) this.at++;
    return found;
  }

  expectKeyword(word: string, where: string): Token {
    if (!this.isKeyword(word)) throw this.unexpected(`'${word}' ${where}`);
    return this.next();
  }

  /** Whether a name stands here that is not reserved. */
  isName(distance = 0): boolean {
    const token = this.ahead(distance);
    return token.kind === 'name' && (token.quoted || !isReserved(token.keyword));
  }

  expectName(what: string): NameToken {
    const token = this.token;
    if (token.kind !== 'name') throw this.unexpected(what);
    if (!token.quoted && isReserved(token.keyword)) {
      throw new Fault(
        'EPL_SYNTAX',
        `expected ${what}, but '${token.text}' is a keyword: write it between backticks to use it as a name`,
        token,
      );
    }
    this.at++;
    return token;
  }

  unexpected(expected: string): Fault {
    const token = this.token;
    const last = this.at > 0 ? ` behind '${shorten(this.tokens[this.at - 1].text)}'` : '';
    const found = token.kind === 'end' ? `the end of the text${last}` : `'${shorten(token.text)}'`;
    return new Fault('EPL_SYNTAX', `expected ${expected}, found ${found}`, token);
  }

  /** The span from `start` to the last token taken. */
  span(start: number): Span {
    return { start, end: this.lastEnd };
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    this.deepen(this.nesting + 1);
    this.nesting++;
    try {
      return parse();
    } finally {
      this.nesting--;
    }
  }

  /** Refuses a construct of that depth beyond the limit; for chains that are built without recursion. */
  deepen(depth: number): void {
    if (depth > this.maxNesting) {
      throw new Fault('EPL_LIMIT', `nested more than ${this.maxNesting} levels deep`, this.token);
    }
  }

  get depth(): number {
    return this.nesting;
  }
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const isSelect = (token: Token): boolean => token.kind === 'name' && /^select$/i.test(token.text);
