import type { CompileLimits } from '../compile-module.ts';
import { Fault } from './fault.ts';
import { tokenize } from './lexer.ts';
import { parseAnnotations } from './parse-annotation.ts';
import { parseStatement } from './parse-statement.ts';
import type { Span } from './source.ts';
import type { StatementNode } from './statement.ts';
import type { Token } from './token.ts';
import { TokenCursor } from './token-cursor.ts';

/** One statement of the text: its tree, or what is wrong with it. */
export type ParsedStatement = Span & ({ readonly node: StatementNode } | { readonly fault: Fault });

/**
 * Splits the text at `;` and parses each statement by itself, so that one error does not hide those of other
 * statements.
 */
export function parseModule(text: string, limits: CompileLimits): readonly ParsedStatement[] {
  if (text.length > limits.maxTextLength) {
    const fault = new Fault('EPL_LIMIT', `the text is longer than ${limits.maxTextLength} characters`, {
      start: 0,
      end: 0,
    });
    return [{ fault, start: 0, end: 0 }];
  }
  let tokens: Token[];
  try {
    tokens = tokenize(text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [{ fault: error, start: error.span.start, end: error.span.end }];
  }
  const statements: ParsedStatement[] = [];
  for (let at = 0; tokens[at].kind !== 'end'; ) {
    if (isSeparator(tokens[at])) {
      at++;
      continue;
    }
    let next = at;
    while (tokens[next].kind !== 'end' && !isSeparator(tokens[next])) next++;
    const span = { start: tokens[at].start, end: tokens[next - 1].end };
    if (statements.length === limits.maxStatements) {
      const fault = new Fault(
        'EPL_LIMIT',
        `the module has more than ${limits.maxStatements} statements`,
        tokens[at],
      );
      statements.push({ fault, ...span });
      break;
    }
    statements.push({ ...parseOne(tokens, at, limits.maxNesting), ...span });
    at = next;
  }
  return statements;
}

const isSeparator = (token: Token): boolean => token.kind === 'symbol' && token.text === ';';

function parseOne(
  tokens: readonly Token[],
  at: number,
  maxNesting: number,
): { node: StatementNode } | { fault: Fault } {
  const cursor = new TokenCursor(tokens, at, maxNesting);
  try {
    const { start } = cursor.token;
    return { node: parseStatement(cursor, start, parseAnnotations(cursor)) };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}
