import type { CreateIndex, CreateTable, CreateVariable, CreateWindow, TableColumn } from '../definition.ts';
import type { ColumnDefinition, CreateSchema } from '../schema.ts';
import type { ExpressionDeclaration, Name } from '../statement.ts';
import { printAnnotations } from './annotation.ts';
import { printExpression, printType } from './expression.ts';
import { joinWords, printName } from './name.ts';
import { printItems, printWhere } from './select.ts';
import { printWindows } from './stream.ts';

const printNames = (names: readonly Name[]): string => names.map(({ name }) => printName(name)).join(', ');

const printColumns = (columns: readonly ColumnDefinition[]): string =>
  `(${columns.map(({ name, type }) => `${printName(name)} ${printType(type)}`).join(', ')})`;

export function printCreateSchema(node: CreateSchema): string {
  const { variants, inherits, copyFrom, startTimestamp, endTimestamp } = node;
  return joinWords(
    'create',
    variants ? 'variant' : node.representation,
    `schema ${printName(node.name.name)}`,
    variants
      ? `as ${[...variants.types.map(({ name }) => printName(name)), ...(variants.any ? ['*'] : [])].join(', ')}`
      : printColumns(node.columns),
    inherits.length > 0 && `inherits ${printNames(inherits)}`,
    copyFrom.length > 0 && `copyfrom ${printNames(copyFrom)}`,
    startTimestamp && `starttimestamp ${printName(startTimestamp.name)}`,
    endTimestamp && `endtimestamp ${printName(endTimestamp.name)}`,
  );
}

export function printCreateWindow({ name, windows, retain, shape, insert }: CreateWindow): string {
  let body: string;
  if (shape.kind === 'columns') body = printColumns(shape.columns);
  else if (shape.items === undefined) body = printName(shape.type.name);
  else body = `select ${printItems(shape.items)} from ${printName(shape.type.name)}`;
  return joinWords(
    `create window ${printName(name.name)}${printWindows(windows)}`,
    retain && `retain-${retain}`,
    `as ${body}`,
    insert && joinWords('insert', printWhere(insert.where)),
  );
}

export const printCreateTable = ({ name, columns }: CreateTable): string =>
  `create table ${printName(name.name)} (${columns.map(printTableColumn).join(', ')})`;

const printTableColumn = ({ name, content, primaryKey, annotations }: TableColumn): string =>
  joinWords(
    printName(name),
    'kind' in content ? printExpression(content) : printType(content),
    primaryKey && 'primary key',
    printAnnotations(annotations),
  );

export function printCreateIndex({ unique, name, target, columns }: CreateIndex): string {
  const list = columns.map(({ expression, structure }) => joinWords(printExpression(expression), structure));
  return joinWords(
    'create',
    unique && 'unique',
    `index ${printName(name.name)} on ${printName(target.name)} (${list.join(', ')})`,
  );
}

export const printCreateVariable = ({ constant, type, name, value }: CreateVariable): string =>
  joinWords(
    'create',
    constant && 'constant',
    `variable ${printType(type)} ${printName(name.name)}`,
    value && `= ${printExpression(value)}`,
  );

export function printDeclaration({ name, alias, parameters, body }: ExpressionDeclaration): string {
  const names = parameters.map(printName);
  const list = names.length === 1 ? names[0] : `(${names.join(', ')})`;
  const arrow = names.length === 0 ? '' : `${list} => `;
  return joinWords(
    `expression ${printName(name.name)}`,
    alias && 'alias for',
    `{ ${arrow}${printExpression(body)} }`,
  );
}
