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
  return parseText(text, limits, false);
}

/** One on-demand query, which may also insert rows that no stream gives. */
export function parseQuery(text: string, limits: CompileLimits): ParsedStatement {
  const [first, second] = parseText(text, limits, true);
  if (first !== undefined && second === undefined) return first;
  const place = second ?? { start: 0, end: text.length };
  const fault = new Fault('EPL_SYNTAX', 'expected exactly one query', place);
  return { fault, start: place.start, end: place.end };
}

function parseText(text: string, limits: CompileLimits, onDemand: boolean): readonly ParsedStatement[] {
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
    if (!isModuleHeader(tokens, at)) {
      statements.push({ ...parseOne(tokens, at, limits.maxNesting, onDemand), ...span });
    }
    at = next;
  }
  return statements;
}

const isSeparator = (token: Token): boolean => token.kind === 'symbol' && token.text === ';';

/** `module net.flows` and `uses net.flows`: names for people; every module sees the public streams of the others. */
function isModuleHeader(tokens: readonly Token[], at: number): boolean {
  const [word, name] = [tokens[at], tokens[at + 1]];
  if (word.kind !== 'name' || (word.keyword !== 'module' && word.keyword !== 'uses')) return false;
  return name.kind === 'name';
}

function parseOne(
  tokens: readonly Token[],
  at: number,
  maxNesting: number,
  onDemand: boolean,
): { node: StatementNode } | { fault: Fault } {
  const cursor = new TokenCursor(tokens, at, maxNesting);
  try {
    const { start } = cursor.token;
    return { node: parseStatement(cursor, start, parseAnnotations(cursor), onDemand) };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}
