import type { Expression } from './expression.ts';
import { startsClause } from './keywords.ts';
import { parseAssignments } from './parse-assignment.ts';
import { parseExpression } from './parse-expression.ts';
import { parseName, parseOptionalName } from './parse-name.ts';
import {
  parseColumnNames,
  parseGroupBy,
  parseHaving,
  parseInsertInto,
  parseItems,
  parseLimit,
  parseOrderBy,
  parseWhere,
} from './parse-select-clauses.ts';
import { parseContained, parseSource } from './parse-stream.ts';
import type { InsertInto, SelectItem } from './select.ts';
import type { Name, Prologue } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';
import type {
  MergeAction,
  MergeBranch,
  MergeInsert,
  OnMerge,
  OnSelect,
  OnSplit,
  SplitBranch,
  Trigger,
  TriggerAction,
} from './trigger.ts';

/** `on Event [as e] …`. */
export function parseTrigger(cursor: TokenCursor, start: number, prologue: Prologue): Trigger {
  cursor.next();
  const event = parseSource(cursor);
  const word = cursor.keyword();
  const bare = cursor.isName() && !startsClause(word) && word !== 'merge';
  const alias = parseOptionalName(cursor, 'the name of the event', bare);
  const action = parseAction(cursor);
  return { kind: 'on', ...prologue, event, ...(alias && { alias }), action, ...cursor.span(start) };
}

function parseAction(cursor: TokenCursor): TriggerAction {
  const { start } = cursor.token;
  switch (cursor.keyword()) {
    case 'select':
      return parseOnSelect(cursor, start, undefined);
    case 'insert':
      return parseInserting(cursor, start);
    case 'delete': {
      cursor.next();
      cursor.expectKeyword('from', "behind 'delete'");
      const target = parseTarget(cursor);
      const where = parseWhere(cursor);
      return { kind: 'delete', ...target, ...(where && { where }), ...cursor.span(start) };
    }
    case 'update': {
      cursor.next();
      const target = parseTarget(cursor);
      cursor.expectKeyword('set', "in 'update'");
      const assignments = parseAssignments(cursor);
      const where = parseWhere(cursor);
      return { kind: 'update', ...target, assignments, ...(where && { where }), ...cursor.span(start) };
    }
    case 'merge':
      return parseMerge(cursor, start);
    case 'set':
      cursor.next();
      return { kind: 'set', assignments: parseAssignments(cursor), ...cursor.span(start) };
    default:
      throw cursor.unexpected("what to do (select, insert into, delete, update, merge, set) behind 'on …'");
  }
}

/** A window or table with its name in the statement. */
function parseTarget(cursor: TokenCursor): { target: Name; targetAlias?: Name } {
  const target = parseName(cursor, 'the name of a window or table');
  const bare = cursor.isName() && !startsClause(cursor.keyword());
  const targetAlias = parseOptionalName(cursor, 'another name for it', bare);
  return { target, ...(targetAlias && { targetAlias }) };
}

function parseOnSelect(cursor: TokenCursor, start: number, insertInto: InsertInto | undefined): OnSelect {
  cursor.next();
  const andDelete = cursor.takeKeyword('and');
  if (andDelete) cursor.expectKeyword('delete', "behind 'select and'");
  const distinct = cursor.takeKeyword('distinct');
  const items = parseItems(cursor);
  cursor.expectKeyword('from', 'behind the select clause');
  return finishOnSelect(cursor, start, { insertInto, andDelete, distinct, items });
}

function finishOnSelect(
  cursor: TokenCursor,
  start: number,
  begun: {
    insertInto: InsertInto | undefined;
    andDelete: boolean;
    distinct: boolean;
    items: readonly SelectItem[];
  },
): OnSelect {
  const { insertInto, ...rest } = begun;
  const target = parseTarget(cursor);
  const where = parseWhere(cursor);
  const groupBy = parseGroupBy(cursor);
  const having = parseHaving(cursor);
  const orderBy = parseOrderBy(cursor);
  const limit = parseLimit(cursor);
  return {
    kind: 'select',
    ...rest,
    ...(insertInto && { insertInto }),
    ...target,
    ...(where && { where }),
    groupBy,
    ...(having && { having }),
    orderBy,
    ...(limit && { limit }),
    ...cursor.span(start),
  };
}

/** `insert into … select …`: with `from W` it reads a window, without it splits the stream. */
function parseInserting(cursor: TokenCursor, start: number): OnSelect | OnSplit {
  const insertInto = parseInsertInto(cursor);
  cursor.expectKeyword('select', "behind 'insert into'");
  const andDelete = cursor.isKeyword('and') && cursor.takeKeyword('and');
  if (andDelete) cursor.expectKeyword('delete', "behind 'select and'");
  const distinct = cursor.takeKeyword('distinct');
  const items = parseItems(cursor);
  if (cursor.isKeyword('from') && !cursor.isSymbol('[', 1)) {
    cursor.next();
    return finishOnSelect(cursor, start, { insertInto, andDelete, distinct, items });
  }
  const branches = [finishBranch(cursor, start, insertInto, items)];
  while (cursor.isKeyword('insert')) {
    const next = cursor.token.start;
    const into = parseInsertInto(cursor);
    cursor.expectKeyword('select', "behind 'insert into'");
    branches.push(finishBranch(cursor, next, into, parseItems(cursor)));
  }
  let output: 'first' | 'all' | undefined;
  if (branches.length > 1 && cursor.takeKeyword('output')) {
    const word = cursor.keyword();
    if (word !== 'first' && word !== 'all') throw cursor.unexpected("'first' or 'all' behind 'output'");
    cursor.next();
    output = word;
  }
  return { kind: 'split', branches, ...(output && { output }), ...cursor.span(start) };
}

function finishBranch(
  cursor: TokenCursor,
  start: number,
  insertInto: InsertInto,
  items: readonly SelectItem[],
): SplitBranch {
  const contained = cursor.takeKeyword('from') ? parseContained(cursor) : [];
  const containedAlias = parseOptionalName(cursor, 'the name of the contained events', false);
  const where = parseWhere(cursor);
  return {
    insertInto,
    items,
    contained,
    ...(containedAlias && { containedAlias }),
    ...(where && { where }),
    ...cursor.span(start),
  };
}

function parseMerge(cursor: TokenCursor, start: number): OnMerge {
  cursor.next();
  cursor.takeKeyword('into');
  const target = parseTarget(cursor);
  if (cursor.isKeyword('insert')) {
    const insert = parseMergeInsert(cursor);
    return { kind: 'merge', ...target, branches: [], insert, ...cursor.span(start) };
  }
  const where = parseWhere(cursor);
  const branches: MergeBranch[] = [];
  while (cursor.isKeyword('when')) branches.push(parseMergeBranch(cursor));
  if (branches.length === 0) throw cursor.unexpected("'when matched' or 'when not matched'");
  return { kind: 'merge', ...target, ...(where && { where }), branches, ...cursor.span(start) };
}

function parseMergeBranch(cursor: TokenCursor): MergeBranch {
  const { start } = cursor.next();
  const matched = !cursor.takeKeyword('not');
  cursor.expectKeyword('matched', "behind 'when'");
  const condition = cursor.takeKeyword('and') ? parseExpression(cursor) : undefined;
  const actions: MergeAction[] = [];
  while (cursor.takeKeyword('then')) actions.push(parseMergeAction(cursor, matched));
  if (actions.length === 0) throw cursor.unexpected("'then'");
  return { matched, ...(condition && { condition }), actions, ...cursor.span(start) };
}

/** Where nothing matched there is nothing to change. */
function parseMergeAction(cursor: TokenCursor, matched: boolean): MergeAction {
  const { start } = cursor.token;
  if (!matched && !cursor.isKeyword('insert'))
    throw cursor.unexpected("'insert' behind 'when not matched … then'");
  if (cursor.takeKeyword('delete')) {
    const where = parseWhere(cursor);
    return { kind: 'delete', ...(where && { where }), ...cursor.span(start) };
  }
  if (cursor.takeKeyword('update')) {
    cursor.expectKeyword('set', "behind 'update'");
    const assignments = parseAssignments(cursor);
    const where = parseWhere(cursor);
    return { kind: 'update', assignments, ...(where && { where }), ...cursor.span(start) };
  }
  if (!cursor.isKeyword('insert')) throw cursor.unexpected("'insert', 'update' or 'delete' behind 'then'");
  return parseMergeInsert(cursor);
}

/** At `insert`. */
function parseMergeInsert(cursor: TokenCursor): MergeInsert {
  const { start } = cursor.next();
  const target = cursor.takeKeyword('into') ? parseName(cursor, 'the name of a stream') : undefined;
  const columns = parseColumnNames(cursor);
  cursor.expectKeyword('select', "behind 'insert'");
  const items = parseItems(cursor);
  const where: Expression | undefined = parseWhere(cursor);
  return {
    kind: 'insert',
    ...(target && { target }),
    columns,
    items,
    ...(where && { where }),
    ...cursor.span(start),
  };
}
