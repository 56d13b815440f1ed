import type { Annotation } from '../annotation.ts';
import type { CreateContext } from './context.ts';
import type {
  CreateExpression,
  CreateIndex,
  CreateTable,
  CreateVariable,
  CreateWindow,
} from './definition.ts';
import type { Expression, Path } from './expression.ts';
import type { QueryDelete, QueryInsert, QueryUpdate } from './query.ts';
import type { CreateSchema } from './schema.ts';
import type { Select } from './select.ts';
import type { Span } from './source.ts';
import type { Trigger } from './trigger.ts';
import type { UpdateStream } from './update-stream.ts';

/** One statement of a module as written; its parts stand in the files of their families. */
export type StatementNode =
  | CreateSchema
  | CreateWindow
  | CreateTable
  | CreateIndex
  | CreateVariable
  | CreateExpression
  | CreateContext
  | Select
  | UpdateStream
  | Trigger
  | QueryInsert
  | QueryUpdate
  | QueryDelete;

/** What may stand before any statement. */
export interface Prologue {
  readonly annotations: readonly Annotation[];
  /** `expression name { … }`, known to this statement only. */
  readonly declarations: readonly ExpressionDeclaration[];
  /** `context Name`. */
  readonly context?: Name;
}

export interface StatementBase extends Span, Prologue {}

export interface Name extends Span {
  readonly name: string;
}

/** `expression f { (x, y) => … }`, or with `alias for` a text that stands for another. */
export interface ExpressionDeclaration extends Span {
  readonly name: Name;
  readonly alias: boolean;
  readonly parameters: readonly string[];
  readonly body: Expression;
}

/** One part of `set …`: `a = 1`, `w.b[0] = 2`. */
export interface Assignment extends Span {
  readonly target: Path;
  readonly value: Expression;
}
